import type { Knex } from 'knex';
import type { Keepsake, RetentionStore } from '../activities/ports.ts';
import { rows } from './knex.ts';

/** Tables of what belongs to a transaction and goes with it. */
export const PARTS_OF_TRANSACTIONS = [
  'evidence',
  'receipts',
  'push_sends',
  'callback_attempts',
  'callback_redeliveries',
  'answer_attempts',
  'sms_sends',
  'sms_attempts',
] as const;

const deletedParts = PARTS_OF_TRANSACTIONS.map(
  (table) => `${table}_gone as (delete from ${table} where transaction_id in (select id from old))`,
).join(', ');

/** Each takes hours and a number of rows. What others hold at the moment is left to the next batch. */
const FORGET: Readonly<Record<Keepsake, string>> = {
  // Only of what is settled: an answer that is recorded and not yet judged needs them.
  messages: `
    with old as (
      select id from transactions
       where expires_at < now() - make_interval(hours => ?) and sealed_message is not null and status <> 'pending'
       order by expires_at limit ? for update skip locked
    ), gone as (
      update transactions t set sealed_message = null, sealed_secure_message = null, sealed_signing_data = null,
             sealed_phone_number = null
        from old where t.id = old.id returning 1
    )
    select count(*)::int as count from gone`,
  // What is still pending so long after its deadline has lost its workflow.
  transactions: `
    with old as (
      select id from transactions where expires_at < now() - make_interval(hours => ?)
       order by expires_at limit ? for update skip locked
    ), ${deletedParts}, gone as (
      delete from transactions where id in (select id from old) returning 1
    ), forgiven as (
      delete from asked_users where user_id in (
        select user_id from asked_users where blocked_at is null and changed_at < now() - interval '2 days'
         order by changed_at limit 500 for update skip locked)
    )
    select count(*)::int as count from gone`,
  events: `
    with old as (
      select id from events where occurred_at < now() - make_interval(hours => ?)
       order by occurred_at limit ? for update skip locked
    ), gone as (
      delete from events where id in (select id from old) returning 1
    )
    select count(*)::int as count from gone`,
};

/** Forgets for good what has been kept long enough, in batches. */
export function createRetentionStore(database: Knex): RetentionStore {
  return {
    async forget(what, olderThanHours, limit) {
      const [row] = await rows<{ count: number }>(database, FORGET[what], [olderThanHours, limit]);
      return row?.count ?? 0;
    },
  };
}
