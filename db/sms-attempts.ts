import type { Knex } from 'knex';
import type { SmsAttemptStore } from '../activities/ports.ts';
import { attemptsLeft, type Charge } from './attempts-left.ts';
import { rows } from './knex.ts';

const WRONG = 'SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE';
const LIMIT_EXCEEDED = 'SMS_AUTH_VALIDATION_LIMIT_EXCEEDED';

/** Codes are charged by the statement, before they are judged: sixteen at once cost sixteen. */
export function createSmsAttemptStore(database: Knex): SmsAttemptStore {
  return {
    async charge({ attemptId, transactionId, limit }) {
      const [charge] = await rows<Omit<Charge, 'limit'>>(
        database,
        `with charged as (
           insert into sms_attempts (id, transaction_id) select ?, id from transactions where id = ?
           on conflict do nothing returning 1
         ), counted as (
           update transactions set sms_failures = sms_failures + 1
            where id = ? and sms_failures < ?::int and exists (select from charged)
           returning sms_failures
         )
         select exists (select from charged) as "isFresh", (select sms_failures from counted) as counted`,
        [attemptId, transactionId, transactionId, limit],
      );
      return attemptsLeft(charge && { ...charge, limit }, async () => {
        const [row] = await rows<{ used: number }>(
          database,
          'select sms_failures as used from transactions where id = ?',
          [transactionId],
        );
        return row?.used;
      });
    },

    async recordRight({ attemptId, transactionId }) {
      const noted = await rows(
        database,
        `update transactions set approved_by_attempt = ?
          where id = ? and status = 'approved' and (approved_by_attempt is null or approved_by_attempt = ?) returning id`,
        [attemptId, transactionId, attemptId],
      );
      return noted.length > 0;
    },

    async recordWrong(attemptId, isLast) {
      await rows(
        database,
        `with told as (
           update sms_attempts set told_wrong = true where id = ? and not told_wrong returning transaction_id
         )
         insert into events (name, transaction_id, user_id, client_id, application_id, device_id)
         select name, t.id, t.user_id, t.client_id, t.application_id, t.device_id
           from transactions t join told on told.transaction_id = t.id
           cross join unnest(?::text[]) with ordinality as named (name, position) order by position`,
        [attemptId, isLast ? [WRONG, LIMIT_EXCEEDED] : [WRONG]],
      );
    },
  };
}
