import { setTimeout as pause } from 'node:timers/promises';

/** What is waited for, how long, and how often to ask. */
export interface WaitOptions {
  /** For the error: what is waited for. */
  readonly what: string;
  readonly withinMs: number;
  readonly pollMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks until the answer is yes. An attempt that throws is a no; the last such error is the cause of the error thrown
 * when time is up. `attempt` needs a deadline of its own and may end the waiting by throwing an {@link EndOfWait}.
 */
export async function waitUntil(
  attempt: () => Promise<boolean>,
  { what, withinMs, pollMs = 100, signal }: WaitOptions,
): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  let cause: unknown;
  while (Date.now() < deadlineMs) {
    signal?.throwIfAborted();
    try {
      if (await attempt()) return;
      cause = undefined;
    } catch (error) {
      if (error instanceof EndOfWait) throw error;
      cause = error;
    }
    await pause(pollMs, undefined, { signal });
  }
  throw new Error(`${what} took longer than ${withinMs / 1_000} s`, { cause });
}

/** What is waited for can not come any more. */
export class EndOfWait extends Error {
  override readonly name = 'EndOfWait';
}
