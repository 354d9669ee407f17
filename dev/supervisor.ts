import type { Running } from './child-process.ts';
import { type Keeper, keepRunning } from './keep-running.ts';

/** Tells whoever watches, one line at a time. */
export type Say = (line: string) => void;

/** A part that runs until it is told to stop. */
export interface Part {
  readonly name: string;
  stop(): Promise<void> | void;
}

/** Owns everything that was started. */
export interface Supervisor {
  /** Aborts as soon as everything is to stop. */
  readonly signal: AbortSignal;
  readonly say: Say;
  /** Takes care of a part: it is stopped with the others, the last one added first. */
  add(part: Part): void;
  /** The same for a process, which is also started again when it ends by itself. */
  keep<Kind extends Running>(name: string, start: (signal: AbortSignal) => Promise<Kind>): Keeper<Kind>;
  /** Called whenever a process has been started again. */
  onRestart: () => void;
  /** Stops all parts, one after the other. A part that does not stop is told, and the next one is stopped. */
  stop(): Promise<void>;
}

/** Holds what was started, in order, so that it can be stopped from the end at any time, also half-way through a start. */
export function createSupervisor(say: Say): Supervisor {
  const stopping = new AbortController();
  const parts: Part[] = [];

  function add(part: Part): void {
    stopping.signal.throwIfAborted();
    parts.push(part);
  }

  const supervisor: Supervisor = {
    signal: stopping.signal,
    say,
    add,
    onRestart: () => undefined,
    keep(name, start) {
      stopping.signal.throwIfAborted();
      const keeper = keepRunning({ name, start, say, onRestart: () => supervisor.onRestart() });
      // Whoever awaits `started` hears of a failure; a stop may come before anybody does.
      keeper.started.catch(() => undefined);
      parts.push({ name, stop: () => keeper.stop() });
      return keeper;
    },
    async stop() {
      stopping.abort();
      for (let part = parts.pop(); part; part = parts.pop()) {
        try {
          await part.stop();
        } catch (error) {
          say(`${part.name} did not stop: ${(error as Error).message}`);
        }
      }
    },
  };
  return supervisor;
}
