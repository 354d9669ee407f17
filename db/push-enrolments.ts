import type { Knex } from 'knex';
import type { PushEnrolments } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { rows } from './knex.ts';

export function createPushEnrolments(database: Knex, keyring: Keyring): PushEnrolments {
  return {
    async end({ enrolmentId, applicationId, transactionId, pushToken, goneSinceMs, providerCode }) {
      const goneSince = goneSinceMs === undefined ? null : new Date(goneSinceMs);
      // The phone may have brought another token while the provider was refusing this one.
      await rows(
        database,
        `with ended as (
           update enrolments
              set sealed_push_token = null, push_token_hmac = null, push_token_set_at = null,
                  gone_push_token_hmac = push_token_hmac
            where id = ? and revoked_at is null and push_token_hmac = ?
              and (?::timestamptz is null or push_token_set_at is null or push_token_set_at <= ?::timestamptz)
           returning user_id, application_id, device_id
         )
         insert into events (name, details, transaction_id, user_id, application_id, device_id)
         select 'PUSH_ENROLLMENT_ENDED', ?::jsonb, ?::uuid, user_id, application_id, device_id from ended`,
        [
          ...[enrolmentId, keyring.lastingMac('push-token-lookup', applicationId, pushToken), goneSince, goneSince],
          ...[JSON.stringify({ reason: 'token_gone', ...(providerCode && { providerCode }) }), transactionId],
        ],
      );
    },
  };
}
