import { type Client, ScheduleOverlapPolicy } from '@temporalio/client';

/** Runs a schedule now, after the run that may be under way, and gives the id of its workflow once that has ended. */
export async function runSchedule(client: Client, scheduleId: string): Promise<string> {
  const schedule = client.schedule.getHandle(scheduleId);
  const { numActionsTaken: before } = (await schedule.describe()).info;
  await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
  for (;;) {
    const { info } = await schedule.describe();
    const taken = info.recentActions.at(-1);
    if (info.numActionsTaken === before || !taken) continue;
    const { workflowId } = taken.action.workflow;
    await client.workflow.getHandle(workflowId).result();
    return workflowId;
  }
}
