import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { v7 as uuidv7 } from 'uuid';
import type { Activities } from '../activities/index.ts';
import type { Place, UnfinishedTransaction, UnfinishedTransactions } from '../db/unfinished-transactions.ts';
import { REDELIVER_CALLBACK_WORKFLOW, redeliveryWorkflowIdOf, workflowIdOf } from '../workflows/contract.ts';
import { MAX_REDELIVERIES } from '../workflows/domain/callback-schedule.ts';
import { INITIAL_STATE, isFinal, transition } from '../workflows/domain/transaction.ts';

const PAGE_SIZE = 200;
/** For one question to Temporal. */
const DEADLINE_MS = 5_000;

export interface ReconcileDependencies {
  readonly unfinished: UnfinishedTransactions;
  readonly client: Client;
  readonly taskQueue: string;
  readonly concludeTransaction: Activities['concludeTransaction'];
  /** Only looks. */
  readonly isDryRun: boolean;
}

export interface Reconciliation {
  /** Ended as expired, as no workflow will end them. */
  readonly expired: number;
  /** Portals that are called back by a new workflow, as the one that was to do it is gone. */
  readonly calledBack: number;
  /** Left alone: their workflow runs and will see to it. */
  readonly running: number;
}

/**
 * Ends what no workflow will end. A transaction past its deadline whose workflow does not run is written down as expired,
 * with receipt, event and callback; a portal that was not told, and whose workflow does not run, is called back by the
 * workflow of redeliveries. Any number of these may run at once, beside workers: the first outcome stands. Throws when
 * Temporal or PostgreSQL do not answer; it may then be run again.
 */
export async function reconcileTransactions(dependencies: ReconcileDependencies): Promise<Reconciliation> {
  const { unfinished, client, isDryRun } = dependencies;
  const counts = { expired: 0, calledBack: 0, running: 0 };

  for await (const transaction of pages(unfinished.listOverdue)) {
    if (await isRunning(client, workflowIdOf(transaction.transactionId))) {
      counts.running += 1;
    } else {
      if (!isDryRun) await expire(dependencies, transaction);
      counts.expired += 1;
    }
  }
  for await (const transaction of pages(unfinished.listUntold)) {
    const { transactionId, redeliveries } = transaction;
    const isSeenTo =
      (await isRunning(client, workflowIdOf(transactionId))) ||
      (await isRunning(client, redeliveryWorkflowIdOf(transactionId)));
    if (isSeenTo) counts.running += 1;
    else if (redeliveries < MAX_REDELIVERIES) {
      if (!isDryRun) await callBack(dependencies, transaction);
      counts.calledBack += 1;
    }
  }
  return counts;
}

async function* pages(
  list: (after: Place | undefined, limit: number) => Promise<readonly UnfinishedTransaction[]>,
): AsyncGenerator<UnfinishedTransaction> {
  let after: Place | undefined;
  for (;;) {
    const page = await list(after, PAGE_SIZE);
    yield* page;
    if (page.length < PAGE_SIZE) return;
    after = page.at(-1);
  }
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function expire(
  dependencies: ReconcileDependencies,
  { transactionId, callbackUri, deadlineMs, redeliveries }: UnfinishedTransaction,
): Promise<void> {
  const moved = transition(INITIAL_STATE, { kind: 'time_up' }, { deadlineMs, maxResends: 0 }, Date.now());
  if (!moved.ok || !isFinal(moved.state)) throw new Error('time that is up ends a transaction');
  const { isCalledBack } = await dependencies.concludeTransaction({ transactionId, outcome: moved.state, callbackUri });
  if (!isCalledBack) await callBack(dependencies, { transactionId, callbackUri, deadlineMs, redeliveries });
}

async function callBack(
  { client, taskQueue }: ReconcileDependencies,
  { transactionId, callbackUri, redeliveries }: UnfinishedTransaction,
): Promise<void> {
  if (callbackUri === null) return;
  const input = { transactionId, callbackUri, number: redeliveries + 1, requestId: uuidv7() };
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.start(REDELIVER_CALLBACK_WORKFLOW, {
        workflowId: redeliveryWorkflowIdOf(transactionId),
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      }),
    );
  } catch (error) {
    // Another run of this, or the portal itself, was faster.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
