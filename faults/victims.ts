import type { Running } from '../dev/child-process.ts';

/** A process that is there to be killed. */
export interface Victim {
  readonly name: string;
  readonly pid: number;
  /** How often it ended without being told to. */
  readonly ownEndings: number;
  /** SIGKILL, and a new one in its place after `downMs`, with this in its environment. */
  killAndStart(downMs: number, env?: NodeJS.ProcessEnv): Promise<void>;
  /** SIGSTOP, and SIGCONT after `frozenMs`. */
  freeze(frozenMs: number): Promise<void>;
  /** Ends it in order and starts it with this in its environment. */
  restartWith(env: NodeJS.ProcessEnv): Promise<void>;
  /** Sends the signal that stops it at once but as it knows how, and starts it anew. */
  restartBy(signal: NodeJS.Signals): Promise<void>;
  /** Starts it anew where it has ended by itself, as whoever runs it for real would. */
  reviveIfGone(): Promise<void>;
  stop(): Promise<void>;
}

/** `start` starts it, with more environment where it takes any. */
export async function createVictim(
  name: string,
  start: (env: NodeJS.ProcessEnv) => Promise<Running>,
  wait: (ms: number) => Promise<void>,
): Promise<Victim> {
  let running: Running;
  let isGone = true;
  let ownEndings = 0;
  await begin({});

  async function begin(env: NodeJS.ProcessEnv): Promise<void> {
    const started = await start(env);
    running = started;
    isGone = false;
    void started.exited.then(() => {
      if (running === started) isGone = true;
    });
  }

  async function replaceAfter(signal: NodeJS.Signals, downMs: number, env: NodeJS.ProcessEnv): Promise<void> {
    signalIt(signal);
    await running.exited;
    await wait(downMs);
    await begin(env);
  }

  /** One that has ended by itself is as dead as it was to be. */
  function signalIt(signal: NodeJS.Signals): void {
    try {
      process.kill(running.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  return {
    name,
    get pid() {
      return running.pid;
    },
    get ownEndings() {
      return ownEndings;
    },
    killAndStart: (downMs, env = {}) => replaceAfter('SIGKILL', downMs, env),
    restartBy: (signal) => replaceAfter(signal, 0, {}),
    async freeze(frozenMs) {
      signalIt('SIGSTOP');
      try {
        await wait(frozenMs);
      } finally {
        signalIt('SIGCONT');
      }
    },
    async restartWith(env) {
      await running.stop();
      await begin(env);
    },
    async reviveIfGone() {
      if (!isGone) return;
      ownEndings += 1;
      await begin({});
    },
    stop: () => running.stop(),
  };
}
