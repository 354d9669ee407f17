import type { Running } from '../dev/child-process.ts';

/** A process that is there to be killed. */
export interface Victim {
  readonly name: string;
  readonly pid: number;
  /** Ended, and not yet started anew. */
  readonly isGone: boolean;
  /** How often it ended without being told to. */
  readonly ownEndings: number;
  /** SIGKILL, and a new one in its place after `downMs`. */
  killAndStart(downMs: number): Promise<void>;
  /** SIGSTOP, and SIGCONT after `frozenMs`. */
  freeze(frozenMs: number): Promise<void>;
  /** Sends a signal that it goes on after. */
  notify(signal: NodeJS.Signals): void;
  /** Sends the signal that stops it at once but as it knows how, and starts it anew. */
  restartBy(signal: NodeJS.Signals): Promise<void>;
  /** Starts it anew where it has ended by itself, as whoever runs it for real would. */
  reviveIfGone(): Promise<void>;
  stop(): Promise<void>;
}

export async function createVictim(
  name: string,
  start: () => Promise<Running>,
  wait: (ms: number) => Promise<void>,
): Promise<Victim> {
  let running: Running;
  let isGone = true;
  let ownEndings = 0;
  await begin();

  async function begin(): Promise<void> {
    const started = await start();
    running = started;
    isGone = false;
    void started.exited.then(() => {
      if (running === started) isGone = true;
    });
  }

  async function replaceAfter(signal: NodeJS.Signals, downMs: number): Promise<void> {
    signalIt(signal);
    await running.exited;
    await wait(downMs);
    await begin();
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
    get isGone() {
      return isGone;
    },
    get ownEndings() {
      return ownEndings;
    },
    killAndStart: (downMs) => replaceAfter('SIGKILL', downMs),
    restartBy: (signal) => replaceAfter(signal, 0),
    async freeze(frozenMs) {
      signalIt('SIGSTOP');
      try {
        await wait(frozenMs);
      } finally {
        signalIt('SIGCONT');
      }
    },
    notify: signalIt,
    async reviveIfGone() {
      if (!isGone) return;
      ownEndings += 1;
      await begin();
    },
    stop: () => running.stop(),
  };
}
