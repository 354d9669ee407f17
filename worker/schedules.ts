import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import {
  RECONCILIATION_WORKFLOW,
  RETENTION_WORKFLOW,
  reconciliationScheduleIdOf,
  retentionScheduleIdOf,
} from '../workflows/contract.ts';

/** A worker that can not reach Temporal by then does not start. */
const DEADLINE_MS = 15_000;

interface Scheduled {
  readonly workflowType: string;
  readonly scheduleIdOf: (taskQueue: string) => string;
  readonly spec: ScheduleOptions['spec'];
  /** A run that was missed for longer, as Temporal was away, is left to the next one. */
  readonly catchupWindow: '1 minute' | '1 hour';
}

const SCHEDULES: readonly Scheduled[] = [
  {
    workflowType: RETENTION_WORKFLOW,
    scheduleIdOf: retentionScheduleIdOf,
    spec: { intervals: [{ every: '1 hour' }], jitter: '5 minutes' },
    catchupWindow: '1 hour',
  },
  {
    workflowType: RECONCILIATION_WORKFLOW,
    scheduleIdOf: reconciliationScheduleIdOf,
    spec: { intervals: [{ every: '5 minutes' }], jitter: '30 seconds' },
    catchupWindow: '1 minute',
  },
];

/**
 * Makes Temporal run the workflows `retention`, each hour, and `reconciliation`, every five minutes, on this task queue.
 * Any number of workers may ask for it; what is there already stays as it is.
 */
export async function ensureSchedules(client: Client, taskQueue: string): Promise<void> {
  await Promise.all(SCHEDULES.map((scheduled) => ensure(client, taskQueue, scheduled)));
}

async function ensure(
  client: Client,
  taskQueue: string,
  { workflowType, scheduleIdOf, spec, catchupWindow }: Scheduled,
): Promise<void> {
  const scheduleId = scheduleIdOf(taskQueue);
  const create = (): Promise<unknown> =>
    client.schedule.create({
      scheduleId,
      spec,
      action: { type: 'startWorkflow', workflowType, workflowId: scheduleId, taskQueue, args: [] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow },
    });
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, create);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
