import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Event {
  readonly event: string;
  readonly [field: string]: unknown;
}
export interface Ran {
  readonly code: number | null;
  readonly events: readonly Event[];
}

/** `npm start`, once it says that it is ready, with everything it said. */
export async function startEverything(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly supervisor: ChildProcess; readonly said: string }> {
  const supervisor = spawn(process.execPath, ['dev/start.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  await new Promise<void>((ready, failed) => {
    for (const stream of [supervisor.stdout, supervisor.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ctrl-C stops everything.')) ready();
      });
    }
    supervisor.once('exit', () => failed(new Error(`npm start ended: ${said}`)));
  });
  return { supervisor, said };
}

/** Ends it as a service manager would, unless it has ended. */
export async function endEverything(supervisor: ChildProcess | undefined): Promise<void> {
  if (supervisor?.exitCode !== null || supervisor.signalCode !== null) return;
  supervisor.kill('SIGTERM');
  await once(supervisor, 'exit');
}

/** Runs a command for machines; `react` may act on an event while the command waits for what comes of it. */
export async function runCommand(
  env: NodeJS.ProcessEnv,
  [program, ...args]: readonly [program: string, ...args: string[]],
  react?: (event: Event) => Promise<void>,
): Promise<Ran> {
  const child = spawn(process.execPath, [`dev/${program}.ts`, ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const events: Event[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Event;
    events.push(event);
    await react?.(event);
  }
  await exited;
  return { code: child.exitCode, events };
}

/** Exit code and names of the events. */
export const told = ({ code, events }: Ran) => [code, ...events.map(({ event }) => event)];
