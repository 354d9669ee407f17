import type { Knex } from 'knex';
import type { CallbackLogReader, LoggedCallback } from '../api/ports.ts';
import { rows } from './knex.ts';

/** More than the schedule and all redeliveries together can make. */
const MAX_SHOWN = 200;

/** The API's side of the delivery log. */
export function createCallbackLogReader(database: Knex): CallbackLogReader {
  return {
    async list(transactionId) {
      const newestFirst = await rows<LoggedCallback>(
        database,
        `select (extract(epoch from attempted_at) * 1000)::float8 - duration_ms as "startedAtMs",
                duration_ms as "durationMs", http_status as "httpStatus", failure, delivery, number
           from callback_attempts where transaction_id = ? order by attempted_at desc limit ${MAX_SHOWN}`,
        [transactionId],
      );
      return newestFirst.reverse();
    },

    async countRedeliveries(transactionId) {
      const [row] = await rows<{ count: number }>(
        database,
        'select coalesce(max(number), 0) as count from callback_redeliveries where transaction_id = ?',
        [transactionId],
      );
      return row?.count ?? 0;
    },
  };
}
