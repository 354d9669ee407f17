import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

export interface ClosedLoop<Outcome, Reading> {
  /** How many run at once: each slot begins its next one when its last one has ended. */
  readonly concurrency: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** One run of what is measured; must end by itself in bounded time. */
  readonly runOnce: (slot: number) => Promise<Outcome>;
  /** Read when the measurement begins and when it ends. */
  readonly readMeters: () => Promise<Reading>;
  readonly signal: AbortSignal;
}

export interface LoopResult<Outcome, Reading> {
  /** Of the runs that ended within the measurement. */
  readonly outcomes: readonly Outcome[];
  readonly measuredMs: number;
  readonly before: Reading;
  readonly after: Reading;
}

/**
 * Keeps `concurrency` runs going for the warm-up and the measurement, then lets those under way end.
 * Rejects with the first failure of a run, when all slots have stopped.
 */
export async function runClosedLoop<Outcome, Reading>(
  loop: ClosedLoop<Outcome, Reading>,
): Promise<LoopResult<Outcome, Reading>> {
  const outcomes: Outcome[] = [];
  const failures: unknown[] = [];
  const failed = new AbortController();
  const signal = AbortSignal.any([loop.signal, failed.signal]);
  let phase: 'warm-up' | 'measurement' | 'over' = 'warm-up';

  async function runSlot(slot: number): Promise<void> {
    while (phase !== 'over' && !signal.aborted) {
      try {
        const outcome = await loop.runOnce(slot);
        if (phase === 'measurement') outcomes.push(outcome);
      } catch (error) {
        failures.push(error);
        failed.abort();
      }
    }
  }

  async function measure(): Promise<Omit<LoopResult<Outcome, Reading>, 'outcomes'>> {
    try {
      await pause(loop.warmUpMs, undefined, { signal });
      const before = await loop.readMeters();
      phase = 'measurement';
      const startedAtMs = performance.now();
      await pause(loop.measureMs, undefined, { signal });
      phase = 'over';
      const measuredMs = performance.now() - startedAtMs;
      return { measuredMs, before, after: await loop.readMeters() };
    } finally {
      phase = 'over';
    }
  }

  const slots = Array.from({ length: loop.concurrency }, (_, slot) => runSlot(slot));
  const [measured] = await Promise.allSettled([measure(), ...slots]);
  if (failures.length > 0) throw failures[0];
  loop.signal.throwIfAborted();
  if (measured.status === 'rejected') throw measured.reason;
  return { ...measured.value, outcomes };
}
