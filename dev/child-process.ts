import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Ask, then insist: each signal gets its time before the next one is sent. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly withinMs: number;
}

/** How a process ended: one of the two is set. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Something that was started, is watched, and can be stopped. */
export interface Running {
  readonly pid: number;
  /** Resolves when it ends, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>;
  /** Resolves when it has ended. Throws when even the last signal did not end it in time. */
  stop(): Promise<void>;
}

/** A process of ours that was just started, ready or not. */
export interface StartedChild extends Running {
  /** Set once the process has ended. */
  exit(): Exit | undefined;
  /** Resolves when the process says `{ready: true}`; needs `ipc`. Rejects when it ends before. */
  readonly saidReady: Promise<void>;
}

/** What to run, as whom, and how to end it. */
export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Receives standard output and standard error; cut at start when it has grown past 10 MB. */
  readonly logFile: string;
  /** Holds the process id while the process runs, for the next start to find what this one may leave behind. */
  readonly pidFile?: string;
  /** Opens a channel, on which the child says that it is ready, and learns that its parent is gone. */
  readonly ipc?: boolean;
  readonly stopSteps: readonly StopStep[];
}

/** Starts a process; resolves when the operating system has accepted it. Throws when it can not be run at all. */
export async function startChild(options: ChildOptions): Promise<StartedChild> {
  const log = openLog(options.logFile);
  try {
    const child = spawn(options.command, options.args, {
      env: options.env,
      cwd: options.cwd,
      ...(options.uid !== undefined && { uid: options.uid }),
      ...(options.gid !== undefined && { gid: options.gid }),
      stdio: options.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      // A group of its own: Ctrl-C reaches the supervisor alone, which then stops everything in order.
      detached: true,
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const saidReady = readinessOf(child);
    await once(child, 'spawn');
    return watch(child, options, exited, saidReady);
  } finally {
    closeSync(log);
  }
}

function watch(
  child: ChildProcess,
  { pidFile, stopSteps }: ChildOptions,
  exited: Promise<Exit>,
  saidReady: Promise<void>,
): StartedChild {
  const pid = child.pid as number;
  if (pidFile) writeFileSync(pidFile, `${pid}\n`, { mode: 0o600 });
  let exit: Exit | undefined;
  return {
    pid,
    exited: exited.then((how) => {
      exit = how;
      if (pidFile) rmSync(pidFile, { force: true });
      return how;
    }),
    saidReady,
    exit: () => exit,
    async stop() {
      for (const { signal, withinMs } of stopSteps) {
        child.kill(signal);
        if (await endsWithin(exited, withinMs)) return;
      }
      throw new Error(`process ${pid} does not end`);
    },
  };
}

async function endsWithin(exited: Promise<Exit>, withinMs: number): Promise<boolean> {
  const enough = new AbortController();
  const tooLate = pause(withinMs, false, { signal: enough.signal }).catch(() => false);
  const ended = await Promise.race([exited.then(() => true), tooLate]);
  enough.abort();
  return ended;
}

function readinessOf(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('message', (message) => {
    if ((message as { ready?: unknown } | null)?.ready === true) resolve();
  });
  child.once('exit', () => reject(new Error('it ended before it was ready')));
  // Not everyone waits for readiness; those who do still see the rejection.
  promise.catch(() => undefined);
  return promise;
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) truncateSync(path);
  return openSync(path, 'a', 0o600);
}

/** For people: how a process ended. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `by ${signal}` : `with exit code ${code}`;
}
