/** `npm run faults`: users at work while everything is killed, frozen and slowed; then it is checked that nothing was lost. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onNpmGone } from '../dev/parent-watch.ts';
import { StartError } from '../dev/start-error.ts';
import { describeVerdict } from './describe-verdict.ts';
import { runMutants } from './mutants/run-mutants.ts';
import { type FaultsOptions, readOptions, USAGE } from './options.ts';
import { runFaults } from './run-faults.ts';

const say = (line: string): void => console.error(line);

/** Resolves to the exit code: 0 when everything held (with mutants: when each was caught). */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  const signal = stopInOrder();
  return options.mutants ? runMutants(options, signal, say) : runOnce(options, signal);
}

async function runOnce(options: FaultsOptions, signal: AbortSignal): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-faults-'));
  const closing = new AsyncDisposableStack();
  closing.defer(() => rm(dataDir, { recursive: true, force: true }));
  try {
    say(
      `Seed ${options.seed}: ${options.clients} clients for ${options.seconds} s${options.isCalm ? ', no faults' : ''}.`,
    );
    const verdict = await runFaults(options, dataDir, closing, signal, say);
    const { lines, passed, failed } = describeVerdict(verdict);
    console.log(lines.join('\n'));
    if (options.reportFile) writeFileSync(options.reportFile, `${JSON.stringify({ passed, failed })}\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    await closing.disposeAsync();
  }
}

/** Whatever ends this process early: servers and processes are stopped first. */
function stopInOrder(): AbortSignal {
  const stopping = new AbortController();
  const stopFor = (reason: string): void => stopping.abort(new StartError(`Stopped: ${reason}.`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopFor(name));
  onNpmGone(process.env, () => stopFor('npm is gone'));
  return stopping.signal;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}
