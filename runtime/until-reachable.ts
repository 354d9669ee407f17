import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 250;

export interface UntilReachableOptions {
  readonly withinMs: number;
  /** Hears of each attempt that failed and is followed by another one. */
  readonly warn: (error: unknown) => void;
}

/**
 * What a process needs of the database before it can serve, tried anew for a while: a machine on which everything starts
 * at once may be slow to answer. Throws the last failure when time is up.
 */
export async function untilReachable<Value>(
  work: () => Promise<Value>,
  { withinMs, warn }: UntilReachableOptions,
): Promise<Value> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() + PAUSE_MS > deadlineMs) throw error;
      warn(error);
      await pause(PAUSE_MS);
    }
  }
}
