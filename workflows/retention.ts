import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** More than this is left to the next run: a history must stay small. */
const MAX_ROUNDS = 200;

const { forgetOld } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '30 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes' },
  summary: 'Forget what is older than is kept',
});

/** Forgets what has been kept long enough, a part at a time; a schedule runs it. */
export async function retention(): Promise<void> {
  for (const what of ['messages', 'transactions', 'events'] as const) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const { isDone } = await forgetOld({ what });
      if (isDone) break;
    }
  }
}
