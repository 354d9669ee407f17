import type { Knex } from 'knex';
import { rows } from './knex.ts';

/** A workflow that is only late has this long after the deadline. */
const GRACE = "interval '2 minutes'";
/** As long as callbacks are tried, and as long as a transaction may live before that. */
const CALLED_BACK_WITHIN = "interval '73 hours'";

/** A transaction that should have come further; in pages by deadline and id. */
export interface UnfinishedTransaction {
  readonly transactionId: string;
  readonly callbackUri: string | null;
  readonly deadlineMs: number;
  /** Redeliveries of its callback that were asked for. */
  readonly redeliveries: number;
}

export type Place = Pick<UnfinishedTransaction, 'transactionId' | 'deadlineMs'>;

export interface UnfinishedTransactions {
  /** Pending two minutes and more after their deadline. */
  listOverdue(after: Place | undefined, limit: number): Promise<readonly UnfinishedTransaction[]>;
  /** Settled within 72 hours, with a portal that was to be told and no attempt that did. */
  listUntold(after: Place | undefined, limit: number): Promise<readonly UnfinishedTransaction[]>;
}

const PAGE = (where: string): string => `
  select t.id as "transactionId", t.callback_uri as "callbackUri",
         (extract(epoch from t.expires_at) * 1000)::float8 as "deadlineMs",
         (select coalesce(max(r.number), 0) from callback_redeliveries r where r.transaction_id = t.id) as redeliveries
    from transactions t
   where ${where} and (t.expires_at, t.id) > (to_timestamp(?::float8 / 1000), ?::uuid)
   order by t.expires_at, t.id limit ?`;

const OVERDUE = PAGE(`t.status = 'pending' and t.expires_at < now() - ${GRACE}`);
// A push that was never handed over ends with the portal's own call, which tells it.
const UNTOLD = PAGE(`t.status <> 'pending' and t.callback_uri is not null
     and t.outcome ->> 'reason' is distinct from 'failed_to_send'
     and t.expires_at > now() - ${CALLED_BACK_WITHIN} and t.settled_at < now() - ${GRACE}
     and not exists (select from callback_attempts a where a.transaction_id = t.id and a.failure is null)`);

const FIRST: Place = { transactionId: '00000000-0000-0000-0000-000000000000', deadlineMs: 0 };

/** What is left of transactions whose workflows may be gone: after Temporal was lost, or restored to an earlier state. */
export function createUnfinishedTransactions(database: Knex): UnfinishedTransactions {
  const page = (sql: string, after: Place | undefined, limit: number): Promise<UnfinishedTransaction[]> => {
    const { transactionId, deadlineMs } = after ?? FIRST;
    return rows<UnfinishedTransaction>(database, sql, [deadlineMs, transactionId, limit]);
  };
  return {
    listOverdue: (after, limit) => page(OVERDUE, after, limit),
    listUntold: (after, limit) => page(UNTOLD, after, limit),
  };
}
