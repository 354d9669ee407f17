import type { Knex } from 'knex';
import type { EnrolmentChangeStore } from '../api/ports.ts';
import { rows } from './knex.ts';
import { MAX_ENDED_TRANSACTIONS, revokeEnrolments } from './revoke-enrolments.ts';

export function createEnrolmentChangeStore(database: Knex): EnrolmentChangeStore {
  return {
    disenrol: (enrolmentId, caller) =>
      revokeEnrolments(database, [enrolmentId], { ofEach: 'ENROLLMENT_ENDED', isDisconnected: true, caller }),

    async listOrphans(enrolmentId) {
      const found = await rows<{ id: string }>(
        database,
        `select t.id from transactions t join enrolments e on e.id = t.enrolment_id
          where e.id = ? and e.revoked_at is not null and t.status = 'pending' limit ${MAX_ENDED_TRANSACTIONS}`,
        [enrolmentId],
      );
      return found.map(({ id }) => id);
    },

    async renameDevice(enrolmentId, name) {
      await rows(
        database,
        `update devices d set name = ? from enrolments e
          where e.id = ? and e.revoked_at is null and d.id = e.device_id`,
        [name, enrolmentId],
      );
    },

    async rotateKeys(enrolmentId, keyVersion, { pgpPublicKey, signingKey }, caller) {
      const [row] = await rows<{ isRotated: boolean; isWaiting: boolean }>(
        database,
        // An answer that is recorded and not yet judged must still verify when it is.
        `with waiting as (
           select 1 from transactions
            where enrolment_id = ? and status = 'pending' and created_at > now() - interval '1 hour'
         ), rotated as (
           update enrolments
              set pgp_public_key = coalesce(?, pgp_public_key), signing_key = coalesce(?::jsonb, signing_key),
                  key_version = key_version + 1
            where id = ? and key_version = ? and revoked_at is null
              and not exists (select from waiting)
           returning id, user_id, application_id, device_id
         ), told as (
           insert into events (name, user_id, application_id, device_id, client_ip, user_agent)
           select 'ENROLLMENT_UPDATE_SUCCESS', user_id, application_id, device_id, ?::inet, ?::text from rotated
         )
         select exists (select from rotated) as "isRotated", exists (select from waiting) as "isWaiting"`,
        [
          ...[enrolmentId, pgpPublicKey ?? null, signingKey ? JSON.stringify(signingKey) : null],
          ...[enrolmentId, keyVersion, caller?.ip ?? null, caller?.userAgent ?? null],
        ],
      );
      if (row?.isRotated) return 'rotated';
      return row?.isWaiting ? 'transactions_pending' : 'keys_replaced';
    },
  };
}
