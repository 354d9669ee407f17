import type { Running } from '../dev/child-process.ts';

/** A process that is there to be killed. */
export interface Victim {
  readonly name: string;
  /** SIGKILL, and a new one in its place after `downMs`. */
  killAndStart(downMs: number): Promise<void>;
  /** SIGSTOP, and SIGCONT after `frozenMs`. */
  freeze(frozenMs: number): Promise<void>;
  /** Ends it in order and starts it with this in its environment. */
  restartWith(env: NodeJS.ProcessEnv): Promise<void>;
  /** Sends the signal that stops it at once but as it knows how, and starts it anew. */
  restartBy(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** `start` starts it, with more environment where it takes any. */
export async function createVictim(
  name: string,
  start: (env: NodeJS.ProcessEnv) => Promise<Running>,
  wait: (ms: number) => Promise<void>,
): Promise<Victim> {
  let running = await start({});
  async function replaceAfter(signal: NodeJS.Signals, downMs: number): Promise<void> {
    process.kill(running.pid, signal);
    await running.exited;
    await wait(downMs);
    running = await start({});
  }
  return {
    name,
    killAndStart: (downMs) => replaceAfter('SIGKILL', downMs),
    restartBy: (signal) => replaceAfter(signal, 0),
    async freeze(frozenMs) {
      const { pid } = running;
      process.kill(pid, 'SIGSTOP');
      try {
        await wait(frozenMs);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
    async restartWith(env) {
      await running.stop();
      running = await start(env);
    },
    stop: () => running.stop(),
  };
}
