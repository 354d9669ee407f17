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
  'callbacks_owed',
  'answer_attempts',
  'sms_sends',
  'sms_attempts',
] as const;

const deletedParts = PARTS_OF_TRANSACTIONS.map(
  (table) => `${table}_gone as (delete from ${table} where transaction_id in (select id from old))`,
).join(', ');

/** A part of a statement: deletes the oldest rows of a table that goes by itself, and counts them. */
const goneOf = (name: string, from: { table: string; key: string; age: string; where: string }) => `
    ${name} as (
      delete from ${from.table} where ${from.key} in (
        select ${from.key} from ${from.table} where ${from.where} order by ${from.age} limit ? for update skip locked)
      returning 1
    )`;

/** What the statements bind. */
type Bound = (olderThanHours: number, limit: number) => readonly number[];

/** Each counts rows of the table that lost most. What others hold at the moment is left to the next batch. */
const FORGET: Readonly<Record<Keepsake, { readonly sql: string; readonly bound: Bound }>> = {
  // Only of what is settled: an answer that is recorded and not yet judged needs them.
  messages: {
    sql: `
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
    bound: (hours, limit) => [hours, limit],
  },
  // What is still pending so long after its deadline has lost its workflow.
  transactions: {
    sql: `
    with old as (
      select id from transactions where expires_at < now() - make_interval(hours => ?)
       order by expires_at limit ? for update skip locked
    ), ${deletedParts}, gone as (
      delete from transactions where id in (select id from old) returning 1
    ), ${goneOf('tickets_gone', {
      table: 'enrolment_tickets',
      key: 'reference',
      age: 'expires_at',
      where: 'expires_at < now() - make_interval(hours => ?)',
    })}, ${goneOf('pin_changes_gone', {
      table: 'answer_attempts',
      key: 'answer_sha256',
      age: 'charged_at',
      where: 'transaction_id is null and charged_at < now() - make_interval(hours => ?)',
    })}, ${goneOf('forgiven', {
      table: 'asked_users',
      key: 'user_id',
      age: 'changed_at',
      where: `blocked_at is null and changed_at < now() - interval '2 days'`,
    })}
    select greatest((select count(*) from gone), (select count(*) from tickets_gone),
                    (select count(*) from pin_changes_gone), (select count(*) from forgiven))::int as count`,
    bound: (hours, limit) => [hours, limit, hours, limit, hours, limit, limit],
  },
  events: {
    sql: `
    with ${goneOf('gone', {
      table: 'events',
      key: 'id',
      age: 'occurred_at',
      where: 'occurred_at < now() - make_interval(hours => ?)',
    })}
    select count(*)::int as count from gone`,
    bound: (hours, limit) => [hours, limit],
  },
};

/** Forgets for good what has been kept long enough, in batches. */
export function createRetentionStore(database: Knex): RetentionStore {
  return {
    async forget(what, olderThanHours, limit) {
      const { sql, bound } = FORGET[what];
      const [row] = await rows<{ count: number }>(database, sql, bound(olderThanHours, limit));
      return row?.count ?? 0;
    },
  };
}
