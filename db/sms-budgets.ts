import type { Knex } from 'knex';
import type { SmsBudget, SmsCharge } from '../activities/ports.ts';
import { rows } from './knex.ts';

/** What is charged with one SMS. */
export interface BudgetShares {
  /** MAC of the number: the table shows none. */
  readonly numberKey: string;
  readonly clientId: string;
  readonly perNumberPerHour: number;
  readonly perClientPerHour: number;
  readonly perDay: number;
}

type Exceeded = Extract<SmsCharge, { failure: 'budget_exceeded' }>;

/** Windows are of no use once they are over; a number's is kept no longer than it takes to look into a complaint. */
const KEPT = "interval '2 days'";
const PRUNED_AT_ONCE = 20;

/**
 * Charges one SMS to all three budgets, each by a statement that holds the limit itself. Undefined when all had room. To be
 * called in a database transaction that the caller undoes where it had none: a message that is refused costs nothing.
 */
export async function chargeBudgets(transaction: Knex, shares: BudgetShares): Promise<Exceeded | undefined> {
  const { numberKey, clientId, perNumberPerHour, perClientPerHour, perDay } = shares;
  // Always in this order, so that no two charges wait for each other; the day's row, which all share, last and shortest.
  if (!(await hasRoom(transaction, 'number', numberKey, perNumberPerHour))) return exceeded(transaction, 'number');
  if (!(await hasRoom(transaction, 'client', clientId, perClientPerHour))) return exceeded(transaction, 'client');
  if (!(await hasRoom(transaction, 'day', '', perDay))) return exceeded(transaction, 'day');
  return undefined;
}

async function hasRoom(transaction: Knex, scope: SmsBudget, key: string, limit: number): Promise<boolean> {
  const counted = await rows<{ used: number }>(
    transaction,
    `insert into sms_budgets as b (scope, key, window_start, used)
     values (?, ?, date_trunc(?, now(), 'UTC'), 1)
     on conflict (scope, key, window_start) do update set used = b.used + 1 where b.used < ?::int
     returning used`,
    [scope, key, windowOf(scope), limit],
  );
  return counted.length > 0;
}

async function exceeded(transaction: Knex, budget: SmsBudget): Promise<Exceeded> {
  const window = windowOf(budget);
  const [row] = await rows<{ seconds: number }>(
    transaction,
    `select greatest(1, ceil(extract(epoch from
              date_trunc(?, now(), 'UTC') + ('1 ' || ?::text)::interval - now())))::int as seconds`,
    [window, window],
  );
  return { ok: false, failure: 'budget_exceeded', budget, retryAfterSeconds: row?.seconds ?? 1 };
}

function windowOf(budget: SmsBudget): 'hour' | 'day' {
  return budget === 'day' ? 'day' : 'hour';
}

/** Writes one event a day that the ceiling is reached. */
export async function alarmOfCeiling(database: Knex): Promise<void> {
  await rows(
    database,
    `with alarmed as (
       update sms_budgets set alarmed_at = now()
        where scope = 'day' and key = '' and window_start = date_trunc('day', now(), 'UTC') and alarmed_at is null
       returning used
     )
     insert into events (name, details) select 'SMS_DAILY_CEILING_REACHED', jsonb_build_object('sent', used) from alarmed`,
    [],
  );
}

/** Drops some windows that are over; called with each charge, so that the table stays as small as what is sent in two days. */
export async function pruneBudgets(database: Knex): Promise<void> {
  await rows(
    database,
    `delete from sms_budgets where (scope, key, window_start) in (
       select scope, key, window_start from sms_budgets where window_start < now() - ${KEPT}
        limit ${PRUNED_AT_ONCE} for update skip locked)`,
    [],
  );
}
