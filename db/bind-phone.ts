import type { Knex } from 'knex';
import type { EnrolmentFields, EnrolResult, ProvenUser } from '../api/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal } from '../runtime/sealing.ts';
import { mayEnrol } from './app-versions.ts';
import { keepServerKey } from './enrolment-server-keys.ts';
import { rows, violatedIndexOf } from './knex.ts';
import { makeRoom } from './make-room.ts';

/** Thrown to undo what was written before a refusal was found. */
export class Refused extends Error {
  readonly code: 'user_already_enrolled' | 'device_already_enrolled' | 'app_version_disabled';
  readonly user: ProvenUser;

  constructor(code: Refused['code'], { userId, applicationId }: ProvenUser) {
    super(code);
    this.code = code;
    this.user = { userId, applicationId };
  }
}

/**
 * Writes device, enrolment and events, where the version of the app and the enrolment mode allow it; throws
 * {@link Refused} where they do not. `clientId` is the portal that vouched for the user, if one did.
 */
export async function bindPhone(
  transaction: Knex,
  keyring: Keyring,
  enrolmentId: string,
  { userId, applicationId, clientId }: ProvenUser & { readonly clientId: string | null },
  enrolment: EnrolmentFields,
): Promise<EnrolResult> {
  const { platform, appVersion, mode, serverKey } = enrolment;
  if (!(await mayEnrol(transaction, { applicationId, platform, version: appVersion }))) {
    throw new Refused('app_version_disabled', { userId, applicationId });
  }
  const room = await makeRoom(transaction, {
    userId,
    applicationId,
    mode,
    exceptEnrolmentId: null,
    isForPush: false,
    caller: enrolment.caller,
  });
  if (!room.ok) throw new Refused(room.code, { userId, applicationId });
  await rows(
    transaction,
    `insert into devices (id, application_id, name, platform, model, os_version) values (?, ?, ?, ?, ?, ?)
     on conflict (id) do nothing`,
    [
      enrolment.deviceId,
      applicationId,
      enrolment.deviceName,
      platform,
      enrolment.model ?? null,
      enrolment.osVersion ?? null,
    ],
  );
  try {
    await insertEnrolment(transaction, keyring, enrolmentId, { userId, applicationId, clientId }, enrolment);
  } catch (error) {
    if (violatedIndexOf(error) !== 'enrolments_one_per_push_token') throw error;
    throw new Refused('device_already_enrolled', { userId, applicationId });
  }
  if (serverKey) await keepServerKey(transaction, keyring, enrolmentId, serverKey);
  return {
    ok: true,
    enrolmentId,
    userId,
    applicationId,
    serverPgpPublicKey: serverKey?.publicKey ?? null,
    endedTransactionIds: room.endedTransactionIds,
  };
}

async function insertEnrolment(
  transaction: Knex,
  keyring: Keyring,
  enrolmentId: string,
  { userId, applicationId, clientId }: ProvenUser & { readonly clientId: string | null },
  { deviceId, pgpPublicKey, signingKey, pushToken, serverKey, appVersion, caller }: EnrolmentFields,
): Promise<void> {
  const push =
    pushToken === undefined
      ? { sealed: null, mac: null }
      : {
          sealed: seal(keyring, 'enrolments.sealed_push_token', enrolmentId, pushToken),
          mac: keyring.lastingMac('push-token-lookup', applicationId, pushToken),
        };
  await rows(
    transaction,
    `with enrolled as (
       insert into enrolments (id, user_id, application_id, device_id, pgp_public_key, signing_key,
                               sealed_push_token, push_token_hmac, push_token_set_at, has_own_server_key, app_version)
       values (?, ?, ?, ?, ?, ?, ?, ?, case when ? then now() end, ?, ?)
       returning user_id, application_id, device_id
     )
     insert into events (name, user_id, application_id, device_id, client_id, client_ip, user_agent)
     select event, user_id, application_id, device_id, ?, ?::inet, ?::text
       from enrolled, unnest(?::text[]) event`,
    [
      ...[enrolmentId, userId, applicationId, deviceId, pgpPublicKey, JSON.stringify(signingKey)],
      ...[push.sealed, push.mac, push.mac !== null, serverKey !== undefined, appVersion ?? null],
      ...[clientId, caller?.ip ?? null, caller?.userAgent ?? null],
      push.mac ? ['KEY_ENROLLMENT_SUCCESS', 'PUSH_ENROLLMENT_SUCCESS'] : ['KEY_ENROLLMENT_SUCCESS'],
    ],
  );
}
