import type { Knex } from 'knex';
import type { CallbackQuarantine } from '../activities/ports.ts';
import { rows } from './knex.ts';

/** Quarantine of callback addresses, in the table that operators read (docs/callbacks.md). */
export function createCallbackQuarantine(database: Knex): CallbackQuarantine {
  return {
    async isQuarantined(address) {
      const found = await rows(
        database,
        'select 1 from callback_address_health where address = ? and quarantined_at is not null',
        [address],
      );
      return found.length > 0;
    },

    async find(address) {
      const [row] = await rows<{ trials: number; waitMs: number }>(
        database,
        `select trials, (extract(epoch from next_trial_at - now()) * 1000)::float8 as "waitMs"
           from callback_address_health where address = ? and quarantined_at is not null`,
        [address],
      );
      return row;
    },

    async claimTrial(address, trials, nextAfterMs) {
      const claimed = await rows(
        database,
        `update callback_address_health
            set trials = trials + 1, next_trial_at = now() + ? * interval '1 millisecond'
          where address = ? and quarantined_at is not null and trials = ? and next_trial_at <= now() returning address`,
        [nextAfterMs, address, trials],
      );
      return claimed.length > 0;
    },

    async begin(address, transactionId, firstTrialAfterMs) {
      await rows(
        database,
        // The event names no address, whose path may say more than an event should: its transaction knows it.
        `with begun as (
           update callback_address_health
              set quarantined_at = now(), next_trial_at = now() + ? * interval '1 millisecond', trials = 0
            where address = ? and quarantined_at is null
            returning consecutive_failures, last_failure
         )
         insert into events (name, details, transaction_id, client_id)
         select 'CALLBACK_ADDRESS_QUARANTINED',
                jsonb_build_object('failures', begun.consecutive_failures, 'failure', begun.last_failure),
                t.id, t.client_id
           from begun left join transactions t on t.id = ?::uuid`,
        [firstTrialAfterMs, address, transactionId],
      );
    },
  };
}
