import type { Knex } from 'knex';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';
import type { StoredKeyPair } from './server-keys.ts';

const COLUMN = 'enrolment_server_keys.sealed_private_key';

/** Keeps the OpenPGP pair that the server made for one enrolment; within the transaction that enrols. */
export async function keepServerKey(
  transaction: Knex,
  keyring: Keyring,
  enrolmentId: string,
  { publicKey, privateKey }: StoredKeyPair,
): Promise<void> {
  await rows(
    transaction,
    'insert into enrolment_server_keys (enrolment_id, public_key, sealed_private_key) values (?, ?, ?)',
    [enrolmentId, publicKey, seal(keyring, COLUMN, enrolmentId, privateKey)],
  );
}

/** The pair of an enrolment; undefined where it has none of its own. */
export async function findServerKey(
  database: Knex,
  keyring: Keyring,
  enrolmentId: string,
): Promise<StoredKeyPair | undefined> {
  const [row] = await rows<{ publicKey: string; sealed: string }>(
    database,
    `select public_key as "publicKey", sealed_private_key as sealed
       from enrolment_server_keys where enrolment_id = ?`,
    [enrolmentId],
  );
  return row && { publicKey: row.publicKey, privateKey: unseal(keyring, COLUMN, enrolmentId, row.sealed) };
}
