import { createHash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { Knex } from 'knex';
import type { PendingTransaction } from '../activities/ports.ts';
import type { DeviceSigningKey } from '../runtime/device-wire.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

type Row = Omit<PendingTransaction, 'shownSha256' | 'signingDataSha256' | 'deviceKeyThumbprint'> & {
  readonly sealedMessage: string;
  readonly sealedSecureMessage: string | null;
  readonly sealedSigningData: string | null;
  readonly signingKey: DeviceSigningKey | null;
};

const epochMs = (moment: string) => `(extract(epoch from ${moment}) * 1000)::float8`;

const SELECT_PENDING = `
  select t.id as "transactionId", t.client_id as "clientId", t.user_id as "userId",
         t.application_id as "applicationId", t.device_id as "deviceId", t.enrolment_id as "enrolmentId",
         t.type_name as "typeName", t.policy_version as "policyVersion", t.method,
         t.sealed_message as "sealedMessage", t.sealed_secure_message as "sealedSecureMessage",
         t.sealed_signing_data as "sealedSigningData",
         ${epochMs('t.created_at')} as "createdAtMs", ${epochMs('t.expires_at')} as "expiresAtMs",
         ${epochMs('clock_timestamp()')} as "nowMs",
         e.signing_key as "signingKey", e.pgp_public_key as "pgpPublicKey"
    from transactions t left join enrolments e on e.id = t.enrolment_id
   where t.id = ? and t.status = 'pending'`;

/** A pending transaction with the keys of the phone that was asked; undefined when unknown or settled. */
export async function findPendingTransaction(
  database: Knex,
  keyring: Keyring,
  transactionId: string,
): Promise<PendingTransaction | undefined> {
  const [row] = await rows<Row>(database, SELECT_PENDING, [transactionId]);
  if (!row) return undefined;
  const { sealedMessage, sealedSecureMessage, sealedSigningData, signingKey, ...transaction } = row;
  const sha256Of = (column: string, sealed: string) =>
    createHash('sha256')
      .update(unseal(keyring, `transactions.${column}`, transactionId, sealed))
      .digest('base64url');
  return {
    ...transaction,
    shownSha256:
      sealedSecureMessage === null
        ? sha256Of('sealed_message', sealedMessage)
        : sha256Of('sealed_secure_message', sealedSecureMessage),
    ...(sealedSigningData !== null && { signingDataSha256: sha256Of('sealed_signing_data', sealedSigningData) }),
    deviceKeyThumbprint: signingKey && (await calculateJwkThumbprint({ ...signingKey })),
  };
}
