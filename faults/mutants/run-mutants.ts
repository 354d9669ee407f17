import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_ROOT } from '../../dev/data-folder.ts';
import type { FaultsOptions } from '../options.ts';
import { type Edit, MUTANTS } from './mutants.ts';

/** Enough for each kind of transaction to end in each of its ways. */
const SECONDS = 35;

/** Runs the clients on each mutant, in a copy of the code; 0 when every one was caught. */
export async function runMutants(
  options: FaultsOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  let missed = 0;
  for (const [name, edits] of Object.entries(MUTANTS)) {
    signal.throwIfAborted();
    const copy = mkdtempSync(join(tmpdir(), 'countersign-mutant-'));
    try {
      copyCode(copy);
      for (const edit of edits) apply(copy, edit);
      const { output, code } = await run(copy, options, signal);
      const broken = output.split('\n').filter((line) => line.startsWith('BROKEN'));
      if (broken.length === 0) missed += 1;
      console.log(`${broken.length > 0 ? 'caught' : 'MISSED'}  ${name}`);
      for (const line of broken) console.log(`        by: ${line.slice('BROKEN'.length).trim()}`);
      if (broken.length === 0) say(`exit code ${code}\n${output}`);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  return missed === 0 ? 0 : 1;
}

function copyCode(folder: string): void {
  const files = execFileSync('git', ['ls-files'], { cwd: REPOSITORY_ROOT, encoding: 'utf8' }).trim().split('\n');
  for (const file of files.filter((path) => !path.startsWith('test/') && !path.startsWith('docs/'))) {
    cpSync(join(REPOSITORY_ROOT, file), join(folder, file));
  }
  symlinkSync(join(REPOSITORY_ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** A mutant that does not fit the code any more is no mutant: it must be written anew. */
export function apply(folder: string, { file, from, to }: Edit): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`the mutant of ${file} does not fit the code any more`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

async function run(
  folder: string,
  { seed, clients }: FaultsOptions,
  signal: AbortSignal,
): Promise<{ readonly output: string; readonly code: number | null }> {
  const args = ['--calm', '--seconds', String(SECONDS), '--seed', String(seed), '--clients', String(clients)];
  const child = spawn(process.execPath, [join(folder, 'faults/main.ts'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
    killSignal: 'SIGTERM',
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { output, code };
}
