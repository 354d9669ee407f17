import { join } from 'node:path';
import { type Running, type StartedChild, type StopStep, startChild } from './child-process.ts';
import { pathsIn, REPOSITORY_ROOT } from './data-folder.ts';
import { endLeftoverOf } from './leftover-process.ts';
import { EndOfWait, waitUntil } from './wait-until.ts';

const READY_DEADLINE_MS = 45_000;

/** Longer than the processes give themselves to end well. */
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGTERM', withinMs: 20_000 },
  { signal: 'SIGKILL', withinMs: 5_000 },
];

/** Room for short-lived garbage, in MiB: with more the processes are larger and nothing is faster (docs/performance.md). */
export const NODE_FLAGS = { api: ['--max-semi-space-size=8'], worker: ['--max-semi-space-size=16'] } as const;

/** Which of our processes, and how it shows that it is ready. */
export interface NodeProcessOptions {
  /** Names its log and its process id file. */
  readonly name: string;
  /** Path below the root of the repository. */
  readonly script: string;
  readonly args?: readonly string[];
  /** For Node itself. */
  readonly nodeFlags?: readonly string[];
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Whether it can be used; asked until it says yes. Without it the process has to say `{ready: true}`. */
  readonly isReady?: () => Promise<boolean>;
}

/**
 * Starts one of our own processes, and resolves when it is ready; throws when it ends before, or needs longer than 45 s.
 * One that an earlier run left behind is ended first.
 */
export async function startNodeProcess(options: NodeProcessOptions): Promise<Running> {
  const { name, script, args = [], nodeFlags = [], dataDir, env, signal } = options;
  const paths = pathsIn(dataDir);
  const path = join(REPOSITORY_ROOT, script);
  await endLeftoverNodeProcess(name, dataDir);
  signal.throwIfAborted();
  const child = await startChild({
    command: process.execPath,
    args: [nodeFlagOf(dataDir), ...nodeFlags, path, ...args],
    env,
    cwd: REPOSITORY_ROOT,
    logFile: paths.log(name),
    pidFile: paths.pid(name),
    ipc: true,
    stopSteps: STOP_STEPS,
  });
  try {
    await waitUntil(readinessOf(child, options.isReady), { what: 'the start', withinMs: READY_DEADLINE_MS, signal });
  } catch (error) {
    await child.stop();
    throw new Error(`${name} did not start; see ${paths.log(name)}`, { cause: error });
  }
  return child;
}

/** Ends the process of this name that an earlier run left behind in this folder; returns whether there was one. */
export async function endLeftoverNodeProcess(name: string, dataDir: string): Promise<boolean> {
  return await endLeftoverOf(pathsIn(dataDir).pid(name), [nodeFlagOf(dataDir)], STOP_STEPS);
}

/** Node writes its crash reports there. It also marks the process, in the list of processes, as one of this folder. */
function nodeFlagOf(dataDir: string): string {
  return `--report-directory=${pathsIn(dataDir).logs}`;
}

function readinessOf(child: StartedChild, isReady?: () => Promise<boolean>): () => Promise<boolean> {
  let saidReady = false;
  void child.saidReady.then(
    () => {
      saidReady = true;
    },
    () => undefined, // it ended, which is looked at below
  );
  return async () => {
    if (child.exit()) throw new EndOfWait('it ended');
    return isReady ? await isReady() : saidReady;
  };
}
