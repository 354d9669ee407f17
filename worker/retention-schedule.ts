import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { RETENTION_WORKFLOW, retentionScheduleIdOf } from '../workflows/contract.ts';

/** A worker that can not reach Temporal by then does not start. */
const DEADLINE_MS = 15_000;

/** Makes Temporal run the workflow `retention` on this task queue each hour. Any number of workers may ask for it. */
export async function ensureRetentionSchedule(client: Client, taskQueue: string): Promise<void> {
  const scheduleId = retentionScheduleIdOf(taskQueue);
  const create = (): Promise<unknown> =>
    client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1 hour' }], jitter: '5 minutes' },
      action: { type: 'startWorkflow', workflowType: RETENTION_WORKFLOW, workflowId: scheduleId, taskQueue, args: [] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
    });
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, create);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
