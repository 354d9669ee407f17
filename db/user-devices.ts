import type { Knex } from 'knex';
import type { UserDevice, UserDeviceStore } from '../api/ports.ts';
import { rows } from './knex.ts';
import { withdraw } from './withdraw.ts';

const MAX_LISTED = 1_000;

/** Users on devices: a user who has enrolled there, and was not taken off since. */
export function createUserDeviceStore(database: Knex): UserDeviceStore {
  return {
    list: (userId) =>
      rows<UserDevice>(
        database,
        // Of several enrolments of the user on one device the one in force counts, or else the last one.
        `select * from (
           select distinct on (d.id) d.id as "deviceId", d.name, a.id as "applicationId", a.name as "applicationName",
                  d.model, d.platform, d.os_version as "osVersion",
                  floor(extract(epoch from d.created_at) * 1000)::float8 as "createdAtMs",
                  floor(extract(epoch from coalesce(e.last_seen_at, e.created_at)) * 1000)::float8 as "lastSeenAtMs",
                  e.revoked_at is null as "isEnrolled",
                  e.revoked_at is null and e.push_token_hmac is not null as "hasPushToken",
                  e.revoked_at is null and a.fingerprint_enabled and e.biometric_key is not null as "hasBiometricKey",
                  e.revoked_at is null and a.sealed_custom_authenticator is not null as "hasCustomAuthenticator"
             from enrolments e join devices d on d.id = e.device_id join applications a on a.id = e.application_id
            where e.user_id = ? and e.disconnected_at is null
            order by d.id, e.revoked_at is null desc, e.created_at desc
         ) devices order by "createdAtMs", "deviceId" limit ${MAX_LISTED}`,
        [userId],
      ),
    withdraw: (request) => withdraw(database, request),
  };
}
