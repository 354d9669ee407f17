import type { Knex } from 'knex';
import type { SmsAttemptStore } from '../activities/ports.ts';
import { rows } from './knex.ts';

/** Codes are charged by the statement, before they are judged: sixteen at once cost sixteen. */
export function createSmsAttemptStore(database: Knex): SmsAttemptStore {
  return {
    async charge({ attemptId, transactionId, limit }) {
      const [charge] = await rows<{ isFresh: boolean; counted: number | null }>(
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
      if (charge?.isFresh) return charge.counted === null ? 'none_left' : limit - charge.counted;
      // Charged before: by a statement of its own, as the one above may not see yet what it has waited for.
      const [row] = await rows<{ used: number }>(
        database,
        'select sms_failures as used from transactions where id = ?',
        [transactionId],
      );
      return row ? Math.max(0, limit - row.used) : 'none_left';
    },
  };
}
