import { setTimeout as pause } from 'node:timers/promises';
import { describeExit, type Running } from './child-process.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;
/** One that ran this long was well: its next failure is a first one. */
const HEALTHY_AFTER_MS = 60_000;

/** Keeps one thing running until it is told to stop. */
export interface Keeper<Kind> {
  /** Resolves with the first run once it is ready; rejects when the first start fails, which is not tried again. */
  readonly started: Promise<Kind>;
  /** Process id of the present run; null while there is none. */
  pid(): number | null;
  /** Ends the present run, or the attempt to start it, and starts no other. */
  stop(): Promise<void>;
}

/** What is kept running, and who hears of it. */
export interface KeepRunningOptions<Kind extends Running> {
  readonly name: string;
  /** Resolves when it is ready. Must leave nothing running when it throws, which it does soon after `signal`. */
  readonly start: (signal: AbortSignal) => Promise<Kind>;
  readonly say: (line: string) => void;
  /** Called after each start but the first. */
  readonly onRestart: () => void;
}

/** Starts something, and starts it again whenever it ends by itself: at once at first, then ever later, for ever. */
export function keepRunning<Kind extends Running>(options: KeepRunningOptions<Kind>): Keeper<Kind> {
  const { name, start, say, onRestart } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: Running | undefined;

  async function startOnce(): Promise<Kind> {
    const running = await start(signal);
    if (signal.aborted) await running.stop();
    signal.throwIfAborted();
    current = running;
    return running;
  }

  /** Undefined when it was stopped before it got ready. */
  async function startAgain(failures: number): Promise<Running | undefined> {
    for (let tries = failures; !signal.aborted; tries++) {
      try {
        await pause(delayMsAfter(tries), undefined, { signal });
        return await startOnce();
      } catch (error) {
        if (!signal.aborted) say(`${name} could not be started again (${firstLineOf(error)}); still trying`);
      }
    }
    return undefined;
  }

  async function keep(first: Running): Promise<void> {
    let running: Running | undefined = first;
    let failures = 0;
    while (running) {
      const startedAtMs = Date.now();
      const exit = await running.exited;
      current = undefined;
      if (signal.aborted) return;
      failures = Date.now() - startedAtMs > HEALTHY_AFTER_MS ? 1 : failures + 1;
      say(`${name} ended ${describeExit(exit)}; starting it again in ${delayMsAfter(failures)} ms`);
      running = await startAgain(failures);
      if (!running) return;
      say(`${name} is back (process ${running.pid})`);
      onRestart();
    }
  }

  const started = startOnce();
  const kept = started.then(keep, () => undefined); // the first failure is told by `started`
  return {
    started,
    pid: () => current?.pid ?? null,
    async stop() {
      stopping.abort();
      await current?.stop();
      await kept;
    },
  };
}

function delayMsAfter(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10));
}

function firstLineOf(error: unknown): string {
  return String((error as Error | null)?.message ?? error).split('\n', 1)[0] ?? '';
}
