/** `npm run bench`: measures whole transactions, beside bare Temporal workflows on the same server or by themselves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataFolder } from '../dev/data-folder.ts';
import { onNpmGone } from '../dev/parent-watch.ts';
import { StartError } from '../dev/start-error.ts';
import { lastLogLines } from './last-log-lines.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { runMode } from './run-mode.ts';
import { LOGGED_PROCESSES } from './start-processes.ts';

/** Progress goes to standard error, so that standard output holds the findings alone. */
const say = (line: string): void => console.error(line);

/** Resolves to the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  const signal = stopInOrder();
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  const closing = new AsyncDisposableStack();
  closing.defer(() => rm(dataDir, { recursive: true, force: true }));
  try {
    prepareDataFolder(dataDir);
    return await measure(options, dataDir, closing, signal);
  } catch (error) {
    if (!(error instanceof StartError)) for (const line of await lastLogLines(dataDir, LOGGED_PROCESSES)) say(line);
    throw error;
  } finally {
    await closing.disposeAsync();
  }
}

async function measure(
  options: BenchOptions,
  dataDir: string,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<number> {
  const { lines, numbers } = await runMode(options, { dataDir, closing, signal }, say);
  if (options.json !== undefined) await writeJson(options.json, options, numbers);
  console.log(lines.join('\n'));
  return 0;
}

/** All numbers; times in ms, sizes in bytes, `date` in RFC 3339. */
async function writeJson(file: string, options: BenchOptions, numbers: object): Promise<void> {
  // The connection string may hold a password.
  const { json: _, databaseUrl: __, ...asked } = options;
  const content = { date: new Date().toISOString(), options: asked, ...numbers };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Whatever ends this process early: servers and processes are stopped first, and the temporary folder goes. */
function stopInOrder(): AbortSignal {
  const stopping = new AbortController();
  const stopFor = (reason: string): void => stopping.abort(new StartError(`Stopped: ${reason}.`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopFor(name));
  onNpmGone(process.env, () => stopFor('npm is gone'));
  process.on('uncaughtException', (error) => stopping.abort(error));
  // Who reads our lines may leave (`npm run bench | head`).
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stopFor('nobody reads the output'));
  return stopping.signal;
}

/** What the reader can put right is said plainly; with anything else goes where it happened. */
function explain(error: unknown): string {
  const lines: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    lines.push(cause instanceof StartError ? cause.message : (cause.stack ?? cause.message));
    if (cause instanceof StartError) break;
  }
  return lines.join('\n  because: ') || String(error);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`The bench failed: ${explain(error)}`);
  process.exitCode = 1;
}
