import { once } from 'node:events';
import { type ChildOptions, describeExit, startChild } from './child-process.ts';

/** What to run, and how long it may take. */
export interface RunToEndOptions extends Omit<ChildOptions, 'stopSteps' | 'ipc' | 'pidFile'> {
  readonly withinMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program that ends by itself; resolves when it has ended well. Throws when it fails, when time is up, or when
 * `signal` aborts; nothing of it is running then.
 */
export async function runToEnd({ withinMs, signal, ...options }: RunToEndOptions): Promise<void> {
  const limit = AbortSignal.any([AbortSignal.timeout(withinMs), ...(signal ? [signal] : [])]);
  limit.throwIfAborted();
  const child = await startChild({
    ...options,
    stopSteps: [
      { signal: 'SIGTERM', withinMs: 5_000 },
      { signal: 'SIGKILL', withinMs: 5_000 },
    ],
  });
  const enough = new AbortController();
  await Promise.race([child.exited, once(limit, 'abort', { signal: enough.signal }).catch(() => undefined)]);
  enough.abort();
  const exit = child.exit();
  if (!exit) {
    await child.stop();
    limit.throwIfAborted();
  } else if (exit.code !== 0) {
    throw new Error(`${options.command} ended ${describeExit(exit)}; see ${options.logFile}`);
  }
}
