import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process of the product, run as in production: its own Node, its configuration in the environment. */
export interface TestProcess {
  readonly pid: number;
  /** Everything it wrote to standard output so far: its log. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL, resolved when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, resolved with the exit code. */
  stop(): Promise<number | null>;
}

const START_DEADLINE_MS = 40_000;

/** Starts `node script` and resolves when it says over IPC that it is ready. */
export async function startProcess(script: string, env: NodeJS.ProcessEnv): Promise<TestProcess> {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const exited = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const started = await Promise.race([
    once(child, 'message').then(() => 'ready' as const),
    exited.then(() => 'exited' as const),
    once(AbortSignal.timeout(START_DEADLINE_MS), 'abort').then(() => 'too slow' as const),
  ]);
  if (started !== 'ready') {
    child.kill('SIGKILL');
    throw new Error(`${script}: ${started}\n${output}`);
  }
  return {
    pid: child.pid as number,
    output: () => output,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await gone(child, exited);
    },
    async stop() {
      child.kill('SIGTERM');
      await gone(child, exited);
      return child.exitCode;
    },
  };
}

async function gone(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await exited;
}
