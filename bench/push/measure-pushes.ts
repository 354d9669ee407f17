import { performance } from 'node:perf_hooks';
import { percentilesOf } from '../percentiles.ts';
import type { SendOne } from './contender.ts';

export interface PushRates {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of this process, which is the client's: what others do on the machine counts less in it. */
  readonly cpuMsPerPush: number;
}

export interface PushCounts {
  readonly warmUp: number;
  readonly measured: number;
  readonly concurrency: number;
}

/** Sends the pushes of the warm-up, then those that are measured, so many at once. Rejects with the first that fails. */
export async function measurePushes(sendOne: SendOne, counts: PushCounts, signal: AbortSignal): Promise<PushRates> {
  await sendAll(sendOne, counts.warmUp, counts.concurrency, signal);
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const durations = await sendAll(sendOne, counts.measured, counts.concurrency, signal);
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { p50, p99 } = percentilesOf(durations);
  return {
    perSecond: (durations.length / tookMs) * 1_000,
    p50Ms: p50,
    p99Ms: p99,
    cpuMsPerPush: (user + system) / 1_000 / durations.length,
  };
}

async function sendAll(sendOne: SendOne, count: number, concurrency: number, signal: AbortSignal): Promise<number[]> {
  const durations: number[] = [];
  let begun = 0;
  async function runSlot(): Promise<void> {
    while (begun < count) {
      signal.throwIfAborted();
      begun += 1;
      const startedAtMs = performance.now();
      await sendOne();
      durations.push(performance.now() - startedAtMs);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runSlot));
  return durations;
}
