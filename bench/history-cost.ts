import type { Client } from '@temporalio/client';
// A CommonJS package whose names Node can not see: only its default can be imported.
import proto from '@temporalio/proto';
import { countCloudActions } from './cloud-actions.ts';
import { medianOf } from './percentiles.ts';

const DEADLINE_MS = 30_000;
const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = proto.temporal.api.enums.v1.EventType;

/** What one workflow leaves behind. */
export interface HistoryCost {
  readonly events: number;
  readonly workflowTasks: number;
  readonly bytes: number;
  /** What Temporal's own load is counted in, on a cluster of one's own. */
  readonly stateTransitions: number;
  /** See {@link countCloudActions}. */
  readonly cloudActions: number;
}

/** Waits until the workflow has closed and reads its history. Throws when that takes longer than 30 s. */
export async function readHistoryCost(client: Client, workflowId: string): Promise<HistoryCost> {
  return client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const handle = client.workflow.getHandle(workflowId);
    await handle.result();
    const [{ historySize, raw }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
    if (!events || historySize === undefined) throw new Error(`the history of ${workflowId} can not be read`);
    return {
      events: events.length,
      workflowTasks: events.filter(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED).length,
      bytes: historySize,
      stateTransitions: Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0),
      cloudActions: countCloudActions(events),
    };
  });
}

/** Each number by itself: the middle one of these histories. */
export function medianCostOf(costs: readonly HistoryCost[]): HistoryCost {
  const median = (name: keyof HistoryCost): number => medianOf(costs.map((cost) => cost[name]));
  return {
    events: median('events'),
    workflowTasks: median('workflowTasks'),
    bytes: median('bytes'),
    stateTransitions: median('stateTransitions'),
    cloudActions: median('cloudActions'),
  };
}
