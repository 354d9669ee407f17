import type { Knex } from 'knex';
import type { StageRow, StageStore, WatchedTransaction } from '../api/ports.ts';
import { rows } from './knex.ts';

/** Reads how far transactions have come: their events, and how they stand. */
export function createStageStore(database: Knex): StageStore {
  return {
    async find(transactionId) {
      const [row] = await rows<WatchedTransaction>(
        database,
        `select client_id as "clientId", (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs",
                callback_uri is not null and method <> 'sms' as "isCalledBack"
           from transactions where id = ?`,
        [transactionId],
      );
      return row;
    },

    readAfter: (transactionIds, afterEventId) =>
      rows<StageRow>(
        database,
        // All of one transaction's stages are few; the floor keeps those that were seen long ago out.
        `select e.id::float8 as "eventId", e.transaction_id as "transactionId", e.name as "eventName", t.status,
                (extract(epoch from e.occurred_at) * 1000)::float8 as "occurredAtMs"
           from events e join transactions t on t.id = e.transaction_id
          where e.transaction_id = any (?::uuid[]) and e.id > ?
          order by e.id`,
        [[...transactionIds], afterEventId],
      ),
  };
}
