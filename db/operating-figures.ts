import type { Knex } from 'knex';
import { rows } from './knex.ts';

/** How things stand, all processes together. Counts end at `COUNTED_AT_MOST`, as counting more would cost more than it tells. */
export interface OperatingFigures {
  /** Transactions before their deadline that have no outcome. */
  readonly pending: number;
  /** Transactions without an outcome a minute and more after their deadline: their workflows are late, or lost. */
  readonly overdue: number;
  /** Callbacks tried in the last 72 hours that no attempt has delivered. */
  readonly callbackBacklog: number;
  readonly failingAddresses: number;
  readonly quarantinedAddresses: number;
  /** SMS charged today, and how many may be. */
  readonly smsToday: number;
  readonly smsPerDay: number;
}

export const COUNTED_AT_MOST = 10_000;

/** Reads them in one statement, by indexes. */
export async function readOperatingFigures(database: Knex): Promise<OperatingFigures> {
  const [row] = await rows<OperatingFigures>(
    database,
    `select
       (select count(*) from (select from transactions
          where status = 'pending' and expires_at >= now() limit ${COUNTED_AT_MOST}) p)::int as pending,
       (select count(*) from (select from transactions
          where status = 'pending' and expires_at < now() - interval '1 minute' limit ${COUNTED_AT_MOST}) o)::int as overdue,
       (select count(*) from (
          select from callback_attempts f
           where f.failure is not null and f.delivery = 0 and f.number = (
                   select max(l.number) from callback_attempts l
                    where l.transaction_id = f.transaction_id and l.delivery = 0)
             and f.attempted_at > now() - interval '72 hours'
             and not exists (select from callback_attempts d
                              where d.transaction_id = f.transaction_id and d.failure is null)
           limit ${COUNTED_AT_MOST}) b)::int as "callbackBacklog",
       (select count(*) from callback_address_health)::int as "failingAddresses",
       (select count(*) from callback_address_health where quarantined_at is not null)::int as "quarantinedAddresses",
       coalesce((select used from sms_budgets
          where scope = 'day' and key = '' and window_start = date_trunc('day', now(), 'UTC')), 0)::int as "smsToday",
       coalesce((select sms_per_day from general_settings limit 1), 0)::int as "smsPerDay"`,
    [],
  );
  return row as OperatingFigures;
}
