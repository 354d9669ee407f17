import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

export interface OpenLoop<Outcome, Reading> {
  /** When each run is to begin, in ms from the beginning; ascending. */
  readonly arrivalsMs: readonly number[];
  /** Arrivals before this are not counted. */
  readonly warmUpMs: number;
  /** How long arrivals go on, the warm-up included. */
  readonly endMs: number;
  /** One run of what is measured; must end by itself in bounded time. Its failure is an outcome of the measurement. */
  readonly runOnce: (arrival: number) => Promise<Outcome>;
  /** Read when the warm-up is over and when the last one has arrived. */
  readonly readMeters: () => Promise<Reading>;
  readonly signal: AbortSignal;
}

/** One arrival. Times by `performance.now()`. */
export interface Arrival<Outcome> {
  readonly intendedAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly result: { readonly outcome: Outcome } | { readonly failure: unknown };
}

export interface OpenResult<Outcome, Reading> {
  /** Those after the warm-up, in the order in which they ended. */
  readonly arrivals: readonly Arrival<Outcome>[];
  /** From the end of the warm-up to the end of arrivals. */
  readonly measuredMs: number;
  /** How many were under way at once, at most. */
  readonly mostUnderWay: number;
  readonly before: Reading;
  readonly after: Reading;
}

/**
 * Begins each run when it is to begin, whether or not the earlier ones have ended, and waits for all of them. Whoever adds
 * up latencies counts from `intendedAtMs`: a driver that is held up, and runs that wait for each other, then hide nothing.
 */
export async function runOpenLoop<Outcome, Reading>(
  loop: OpenLoop<Outcome, Reading>,
): Promise<OpenResult<Outcome, Reading>> {
  const { arrivalsMs, warmUpMs, endMs, runOnce, readMeters, signal } = loop;
  const originMs = performance.now();
  const until = async (atMs: number): Promise<void> => {
    const waitMs = originMs + atMs - performance.now();
    if (waitMs > 0) await pause(waitMs, undefined, { signal });
  };
  const arrivals: Arrival<Outcome>[] = [];
  let underWay = 0;
  let mostUnderWay = 0;

  async function run(number: number, atMs: number): Promise<void> {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    const startedAtMs = performance.now();
    const result = await runOnce(number).then(
      (outcome) => ({ outcome }),
      (failure: unknown) => ({ failure }),
    );
    underWay -= 1;
    if (atMs < warmUpMs) return;
    arrivals.push({ intendedAtMs: originMs + atMs, startedAtMs, endedAtMs: performance.now(), result });
  }

  async function arrive(): Promise<void> {
    const running: Promise<void>[] = [];
    try {
      for (const [number, atMs] of arrivalsMs.entries()) {
        await until(atMs);
        signal.throwIfAborted();
        running.push(run(number, atMs));
      }
    } finally {
      await Promise.all(running);
    }
  }

  async function measure(): Promise<Omit<OpenResult<Outcome, Reading>, 'arrivals' | 'mostUnderWay'>> {
    await until(warmUpMs);
    const before = await readMeters();
    const beganAtMs = performance.now();
    await until(endMs);
    const measuredMs = performance.now() - beganAtMs;
    return { measuredMs, before, after: await readMeters() };
  }

  const [measured, arrived] = await Promise.allSettled([measure(), arrive()]);
  signal.throwIfAborted();
  if (measured.status === 'rejected') throw measured.reason;
  if (arrived.status === 'rejected') throw arrived.reason;
  return { ...measured.value, arrivals, mostUnderWay };
}
