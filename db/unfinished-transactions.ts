import type { Knex } from 'knex';
import type {
  OwedCallback,
  UnfinishedPlace,
  UnfinishedTransaction,
  UnfinishedTransactions,
} from '../activities/ports.ts';
import { rows } from './knex.ts';

/** A workflow that is only late has this long after the deadline, and after the outcome. */
const GRACE = "interval '2 minutes'";
/** As long as callbacks are tried. */
const CALLED_BACK_WITHIN = "interval '72 hours'";
/** Looked at once more with the next run: the clock of a PostgreSQL that takes over may be behind. */
const OVERLAP = "interval '5 minutes'";
/** Settled transactions that one statement looks at. */
const LOOKED_AT_ONCE = 2_000;

/** A subquery that is an index probe for each row, whatever the planner thinks of the table. */
const isTold = (id: string): string =>
  `coalesce((select bool_or(a.failure is null) from callback_attempts a where a.transaction_id = ${id}), false)`;

const SHOWN = `t.id as "transactionId", t.callback_uri as "callbackUri",
         (extract(epoch from t.expires_at) * 1000)::float8 as "deadlineMs"`;
const REDELIVERIES = `(select coalesce(max(r.number), 0) from callback_redeliveries r where r.transaction_id = t.id)`;

const OVERDUE = `
  select ${SHOWN}, ${REDELIVERIES} as redeliveries
    from transactions t
   where t.status = 'pending' and t.expires_at < now() - ${GRACE}
     and (t.expires_at, t.id) > (to_timestamp(?::float8 / 1000), ?::uuid)
   order by t.expires_at, t.id limit ?`;

/**
 * Looks at the next that were settled, and writes down whose portals are not told. A push that was never handed over ends
 * with the portal's own call, which tells it.
 */
const NOTE_OWED = `
  with mark as materialized (
    select greatest(settled_before, now() - ${CALLED_BACK_WITHIN}) as since from callbacks_looked_at for update
  ), looked_at as materialized (
    select t.id, t.expires_at, t.settled_at, t.callback_uri, t.outcome ->> 'reason' as reason
      from transactions t
     where t.settled_at > (select since from mark) and t.settled_at < now() - ${GRACE}
     order by t.settled_at fetch first ${LOOKED_AT_ONCE} rows with ties
  ), owed as (
    insert into callbacks_owed (transaction_id, expires_at)
    select l.id, l.expires_at from looked_at l
     where l.callback_uri is not null and l.reason is distinct from 'failed_to_send' and not ${isTold('l.id')}
    on conflict do nothing
  ), counted as (
    select count(*) < ${LOOKED_AT_ONCE} as is_done, max(settled_at) as last from looked_at
  ), moved as (
    update callbacks_looked_at
       set settled_before = case when c.is_done then now() - ${GRACE} - ${OVERLAP} else c.last end
      from counted c
  )
  select is_done as "isDone" from counted`;

/** What was told, or is too old to be told, is owed no more. */
const owed = (which: string): string => `
  with page as materialized (
    select ${SHOWN}, ${REDELIVERIES} as redeliveries,
           (select (extract(epoch from now() - max(r.requested_at)) * 1000)::float8
              from callback_redeliveries r where r.transaction_id = t.id) as "sinceRedeliveryMs",
           ${isTold('t.id')} or t.settled_at < now() - ${CALLED_BACK_WITHIN} as "isOver",
           o.expires_at, o.transaction_id
      from callbacks_owed o join transactions t on t.id = o.transaction_id
     where ${which} and (o.expires_at, o.transaction_id) > (to_timestamp(?::float8 / 1000), ?::uuid)
     order by o.expires_at, o.transaction_id limit ?
  ), gone as (
    delete from callbacks_owed o using page p where o.transaction_id = p.transaction_id and p."isOver"
  )
  select "transactionId", "callbackUri", "deadlineMs", redeliveries, "sinceRedeliveryMs", "isOver"
    from page order by expires_at, transaction_id`;

const OWED = owed('o.look_at <= now()');
const ALL_OWED = owed('true');

/**
 * A portal that is down for a day has a hundred thousand workflows that run. Those of the last minutes are asked after each
 * time; others when a quarter of their age has passed again, spread so that they do not come together.
 */
const LOOK_LATER = `
  update callbacks_owed o
     set look_at = now() + least(interval '1 hour', (now() - t.settled_at) / 4) * (0.5 + random())
    from transactions t
   where o.transaction_id = ? and t.id = o.transaction_id and t.settled_at < now() - interval '20 minutes'`;

/** For whoever wants to know how they are carried out. */
export const UNFINISHED_QUERIES = { overdue: OVERDUE, noteOwed: NOTE_OWED, owed: OWED } as const;

const FIRST: UnfinishedPlace = { transactionId: '00000000-0000-0000-0000-000000000000', deadlineMs: 0 };

/** What is left of transactions whose workflows may be gone. */
export function createUnfinishedTransactions(database: Knex): UnfinishedTransactions {
  const page = <Row extends UnfinishedTransaction>(sql: string, after = FIRST, limit: number): Promise<Row[]> =>
    rows<Row>(database, sql, [after.deadlineMs, after.transactionId, limit]);
  return {
    listOverdue: (after, limit) => page(OVERDUE, after, limit),
    async noteOwed() {
      const [row] = await rows<{ isDone: boolean }>(database, NOTE_OWED, []);
      return row as { isDone: boolean };
    },
    listOwed: (after, limit) => page<OwedCallback>(OWED, after, limit),
    listAllOwed: (after, limit) => page<OwedCallback>(ALL_OWED, after, limit),
    async lookLater(transactionId) {
      await rows(database, LOOK_LATER, [transactionId]);
    },
    async writeOff(transactionId) {
      await rows(database, 'delete from callbacks_owed where transaction_id = ?', [transactionId]);
    },
  };
}
