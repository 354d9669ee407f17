import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Client } from '@temporalio/client';
import { BARE_WORKFLOW, goOnUpdate } from './contract.ts';

const DEADLINE_MS = 30_000;

export interface BareRun {
  readonly workflowId: string;
  /** From the start to the result. */
  readonly totalMs: number;
}

/** Starts the yardstick, sends the update, waits for the result. Throws when that takes longer than 30 s. */
export async function runBare(client: Client, taskQueue: string): Promise<BareRun> {
  const workflowId = `bare:${randomUUID()}`;
  const startedAtMs = performance.now();
  await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const handle = await client.workflow.start(BARE_WORKFLOW, { workflowId, taskQueue });
    await handle.executeUpdate(goOnUpdate);
    await handle.result();
  });
  return { workflowId, totalMs: performance.now() - startedAtMs };
}
