import type { Knex } from 'knex';
import type { CallbackLog } from '../activities/ports.ts';
import { rows } from './knex.ts';

export function createCallbackLog(database: Knex): CallbackLog {
  return {
    async wasDelivered(transactionId) {
      const found = await rows<{ delivered: boolean }>(
        database,
        'select true as delivered from callback_attempts where transaction_id = ? and failure is null limit 1',
        [transactionId],
      );
      return found.length > 0;
    },

    async record(transactionId, attempt) {
      await rows(
        database,
        `with attempted as (
           insert into callback_attempts (transaction_id, number, duration_ms, http_status, failure)
           values (?, ?, ?, ?, ?) returning transaction_id
         )
         insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
         select ?, ?::jsonb, t.id, t.user_id, t.client_id, t.application_id, t.device_id
           from transactions t join attempted on attempted.transaction_id = t.id`,
        [
          transactionId,
          attempt.number,
          attempt.durationMs,
          attempt.httpStatus ?? null,
          attempt.ok ? null : attempt.failure,
          attempt.ok ? 'PUSH_AUTH_CALLBACK_SENT' : 'PUSH_AUTH_CALLBACK_FAILED',
          JSON.stringify({ attempt: attempt.number, ...(!attempt.ok && { failure: attempt.failure }) }),
        ],
      );
    },
  };
}
