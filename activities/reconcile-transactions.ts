import { randomUUID } from 'node:crypto';
import { redeliveryWorkflowIdOf, workflowIdOf } from '../workflows/contract.ts';
import { delayBeforeNextRedeliveryMs, MAX_REDELIVERIES } from '../workflows/domain/callback-schedule.ts';
import { INITIAL_STATE, isFinal, transition } from '../workflows/domain/transaction.ts';
import type {
  OwedCallback,
  Reconciled,
  ReconciliationReport,
  UnfinishedPlace,
  UnfinishedTransaction,
  UnfinishedTransactions,
  WorkflowsAtWork,
} from './ports.ts';
import { createSettleTransaction, type SettleTransactionDependencies } from './settle-transaction.ts';

const PAGE_SIZE = 200;
/** Questions to Temporal, and writing, at the same time. */
const AT_ONCE = 8;
/** Of one run, so that a worker that is to end is not held up. */
const BUDGET_MS = 4_000;

export interface ReconcileTransactionsDependencies extends SettleTransactionDependencies {
  readonly unfinished: UnfinishedTransactions;
  readonly workflows: WorkflowsAtWork;
  readonly reconciliationReport: ReconciliationReport;
}

/** Where a run goes on that had no time for everything. */
export interface ReconciliationPlace {
  readonly list: 'overdue' | 'owed';
  readonly after?: UnfinishedPlace;
}

export interface ReconcileTransactionsRequest {
  /** Without one it begins anew. */
  readonly from?: ReconciliationPlace;
  /** Ends nothing and calls nobody; only counts. */
  readonly isDryRun?: boolean;
  /** Asks after each portal that is owed a callback, and not only after those whose turn it is. */
  readonly isThorough?: boolean;
}

export interface Reconciliation extends Reconciled {
  /** Left alone: their workflow runs and will see to it. */
  readonly running: number;
  /** Could not be seen to, which was reported; the next run tries again. */
  readonly failed: number;
  /** Absent when everything was looked at. */
  readonly next?: ReconciliationPlace;
}

type Kind = 'expired' | 'calledBack' | 'running' | 'failed' | 'nothing';

/**
 * Ends what no workflow will end, for a few seconds. A transaction past its deadline whose workflow is gone is written down
 * as expired, with receipt, event and callback; a portal that was not told, and whose workflow is gone, is called back by
 * the workflow of redeliveries. Any number of these may run at once, beside workers: the first outcome stands, and one of
 * them calls back. One that can not be seen to holds up no other. Throws when PostgreSQL does not answer; it may then be
 * run again.
 */
export function createReconcileTransactions(
  dependencies: ReconcileTransactionsDependencies,
  { budgetMs = BUDGET_MS, pageSize = PAGE_SIZE } = {},
) {
  const { unfinished, workflows, reconciliationReport } = dependencies;
  const settleTransaction = createSettleTransaction(dependencies);

  async function seeToOverdue(transaction: UnfinishedTransaction, isDryRun: boolean): Promise<Kind> {
    const { transactionId, deadlineMs } = transaction;
    if ((await workflows.standingOf(workflowIdOf(transactionId))) === 'running') return 'running';
    if (isDryRun) return 'expired';
    const moved = transition(INITIAL_STATE, { kind: 'time_up' }, { deadlineMs, maxResends: 0 }, Date.now());
    if (!moved.ok || !isFinal(moved.state)) throw new Error('time that is up ends a transaction');
    const { isNew } = await settleTransaction({ transactionId, outcome: moved.state });
    // What others settled meanwhile is theirs to tell; should they be gone by then, it is noted as owed.
    if (!isNew) return 'nothing';
    await callBack(transaction);
    return 'expired';
  }

  async function seeToOwed(transaction: OwedCallback, isDryRun: boolean): Promise<Kind> {
    const { transactionId, redeliveries, sinceRedeliveryMs, isOver } = transaction;
    if (isOver) return 'nothing';
    const standing = await workflows.standingOf(workflowIdOf(transactionId));
    if (standing === 'running') {
      if (!isDryRun) await unfinished.lookLater(transactionId);
      return 'running';
    }
    if (standing === 'completed') {
      // It tried as long as it is tried, and gave up; or was told, and PostgreSQL was restored to a time before that.
      if (!isDryRun) await unfinished.writeOff(transactionId);
      return 'nothing';
    }
    if ((await workflows.standingOf(redeliveryWorkflowIdOf(transactionId))) === 'running') return 'running';
    const isDue = (sinceRedeliveryMs ?? Number.POSITIVE_INFINITY) >= delayBeforeNextRedeliveryMs(redeliveries);
    if (!isDue || redeliveries >= MAX_REDELIVERIES) return 'nothing';
    if (!isDryRun) await callBack(transaction);
    return 'calledBack';
  }

  function failedAt({ transactionId }: UnfinishedTransaction, error: unknown): Kind {
    reconciliationReport.tellFailure(transactionId, error);
    return 'failed';
  }

  async function callBack({ transactionId, callbackUri, redeliveries }: UnfinishedTransaction): Promise<void> {
    if (callbackUri === null) return;
    // Of all that start the same number at once, one is let in: whichever writes it down first.
    await workflows.redeliver({ transactionId, callbackUri, number: redeliveries + 1, requestId: randomUUID() });
  }

  return async ({
    from,
    isDryRun = false,
    isThorough = false,
  }: ReconcileTransactionsRequest): Promise<Reconciliation> => {
    const untilMs = Date.now() + budgetMs;
    const counts = { expired: 0, calledBack: 0, running: 0, failed: 0, nothing: 0 };

    /** Undefined when the list came to its end in time. */
    async function goThrough<Row extends UnfinishedTransaction>(
      list: 'overdue' | 'owed',
      page: (after: UnfinishedPlace | undefined, limit: number) => Promise<readonly Row[]>,
      seeTo: (row: Row, isDryRun: boolean) => Promise<Kind>,
    ): Promise<ReconciliationPlace | undefined> {
      let after = from?.list === list ? from.after : undefined;
      for (;;) {
        const rows = await page(after, pageSize);
        for (let start = 0; start < rows.length; start += AT_ONCE) {
          const some = rows.slice(start, start + AT_ONCE);
          const kinds = await Promise.all(
            some.map((row) => seeTo(row, isDryRun).catch((error) => failedAt(row, error))),
          );
          for (const kind of kinds) counts[kind] += 1;
          const { transactionId, deadlineMs } = some.at(-1) as Row;
          after = { transactionId, deadlineMs };
          if (Date.now() >= untilMs) return { list, after };
        }
        if (rows.length < pageSize) return undefined;
      }
    }

    async function goOn(): Promise<ReconciliationPlace | undefined> {
      if (from?.list !== 'owed') {
        const next = await goThrough('overdue', unfinished.listOverdue, seeToOverdue);
        if (next) return next;
      }
      let isNoted = from?.list === 'owed' && from.after !== undefined;
      while (!isNoted) {
        isNoted = (await unfinished.noteOwed()).isDone;
        if (!isNoted && Date.now() >= untilMs) return { list: 'owed' };
      }
      return goThrough('owed', isThorough ? unfinished.listAllOwed : unfinished.listOwed, seeToOwed);
    }

    try {
      const next = await goOn();
      const { nothing: _, ...told } = counts;
      return { ...told, ...(next && { next }) };
    } finally {
      if (!isDryRun) reconciliationReport.tell(counts);
    }
  };
}
