import type { Knex } from 'knex';
import type { SmsDeliveryStore } from '../api/ports.ts';
import { DELIVERY_RANKS, deliveryEventOf } from '../workflows/domain/sms-delivery.ts';
import { rows } from './knex.ts';

const CASES = Object.entries(DELIVERY_RANKS).map(([stage, rank]) => `when '${stage}' then ${rank}`);

/** The guard is in the statement: of reports that come at once, or in another order, only those that lead forward count. */
export function createSmsDeliveryStore(database: Knex): SmsDeliveryStore {
  return {
    async record({ transactionId, step, providerMessageId, stage, code }) {
      await rows(
        database,
        // A report may be here before the hand-over is recorded; one about another message of this step never counts.
        `with moved as (
           update sms_sends s
              set delivery_stage = ?, delivery_code = ?,
                  delivery_times = s.delivery_times || jsonb_build_object(?::text, now())
            where s.transaction_id = ? and s.step = ?
              and (s.provider_message_id is null or s.provider_message_id = ?)
              and case s.delivery_stage ${CASES.join(' ')} else 0 end < ?::int
           returning s.transaction_id, s.gateway
         )
         insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
         select ?, ?::jsonb || jsonb_build_object('gateway', moved.gateway),
                t.id, t.user_id, t.client_id, t.application_id, t.device_id
           from transactions t join moved on moved.transaction_id = t.id where ?::text is not null`,
        [
          ...[stage, code, stage, transactionId, step, providerMessageId, DELIVERY_RANKS[stage]],
          deliveryEventOf(stage),
          JSON.stringify({ step, stage, ...(code !== null && { code }) }),
          deliveryEventOf(stage),
        ],
      );
    },
  };
}
