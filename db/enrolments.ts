import type { Knex } from 'knex';
import type { EnrolmentKeys, EnrolmentStore } from '../activities/ports.ts';
import type { ApiEnrolmentStore, DeviceCaller, EnrolledDevice } from '../api/ports.ts';
import type { DeviceSigningKey } from '../runtime/device-wire.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { SERVES_APP_VERSION } from './app-versions.ts';
import { enrolByTicket, enrolProven } from './enrol.ts';
import { rows } from './knex.ts';
import { pruneStale } from './prune-stale.ts';

export function createEnrolmentStore(database: Knex, keyring: Keyring): ApiEnrolmentStore & EnrolmentStore {
  return {
    enrol: (enrolment) => enrolByTicket(database, keyring, enrolment),
    enrolProven: (user, enrolment) => enrolProven(database, keyring, user, enrolment),

    listEnrolled: (userId) =>
      rows<EnrolledDevice>(
        database,
        `select e.id as "enrolmentId", a.id as "applicationId", a.name as "applicationName",
                d.id as "deviceId", d.name as "deviceName", d.platform,
                e.sealed_push_token is not null as "hasPushToken", e.pin_public_key is not null as "hasPin",
                a.fingerprint_enabled and e.biometric_key is not null as "hasBiometricKey",
                a.sealed_custom_authenticator is not null as "hasCustomAuthenticator"
           from enrolments e join devices d on d.id = e.device_id join applications a on a.id = e.application_id
          where e.user_id = ? and e.revoked_at is null
          order by e.sealed_push_token is null, e.created_at limit 100`,
        [userId],
      ),

    async findSigningKey(enrolmentId) {
      const [row] = await rows<{ signingKey: DeviceSigningKey; keyVersion: number }>(
        database,
        `select signing_key as "signingKey", key_version as "keyVersion"
           from enrolments where id = ? and revoked_at is null`,
        [enrolmentId],
      );
      return row;
    },

    async admitProof(enrolmentId, proofId, lifetimeSeconds, appVersion) {
      const [row] = await rows<DeviceCaller & { isFresh: boolean; isAppServed: boolean }>(
        database,
        `with admitted as (
           insert into device_proofs (enrolment_id, proof_id, expires_at)
           select id, ?, now() + make_interval(secs => ?) from enrolments where id = ? and revoked_at is null
           on conflict do nothing returning 1
         ), told as (
           update enrolments set app_version = coalesce(?::text, app_version), last_seen_at = now()
            where id = ? and revoked_at is null
              and (app_version is distinct from coalesce(?::text, app_version)
                   or last_seen_at is null or last_seen_at < now() - interval '1 minute')
         )
         select e.id as "enrolmentId", e.user_id as "userId", e.device_id as "deviceId",
                e.application_id as "applicationId", e.pgp_public_key as "pgpPublicKey",
                e.has_own_server_key as "hasOwnServerKey", e.key_version as "keyVersion",
                exists (select from admitted) as "isFresh", ${SERVES_APP_VERSION} as "isAppServed",
                (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"
           from enrolments e join devices d on d.id = e.device_id
          where e.id = ? and e.revoked_at is null`,
        [
          ...[proofId, lifetimeSeconds, enrolmentId],
          ...[appVersion ?? null, enrolmentId, appVersion ?? null],
          ...[appVersion ?? null, enrolmentId],
        ],
      );
      if (!row) return undefined;
      const { isFresh, isAppServed, ...caller } = row;
      if (!isFresh) return 'replayed';
      return isAppServed ? caller : 'app_version_disabled';
    },

    pruneProofs: () => pruneStale(database, 'device_proofs', 'expires_at < now()'),

    async findKeys(enrolmentId) {
      const [row] = await rows<EnrolmentKeys>(
        database,
        `select e.pgp_public_key as "pgpPublicKey", e.signing_key as "signingKey", e.pin_public_key as "pinPublicKey",
                case when a.fingerprint_enabled then e.biometric_key end as "biometricKey",
                e.has_own_server_key as "hasOwnServerKey", e.revoked_at is null as active
           from enrolments e join applications a on a.id = e.application_id where e.id = ?`,
        [enrolmentId],
      );
      return row;
    },
  };
}
