import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** More than this is left to the next run: a history must stay small. */
const MAX_ROUNDS = 200;

const { reconcileTransactions } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
  summary: 'See to transactions whose workflow is gone',
});

/** Ends what other workflows left behind, a part at a time; a schedule runs it. */
export async function reconciliation(): Promise<void> {
  let { next } = await reconcileTransactions({});
  for (let round = 1; next && round < MAX_ROUNDS; round++) {
    ({ next } = await reconcileTransactions({ from: next }));
  }
}
