import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '../../faults/disk/disk.ts';
import { createLimitedFiles } from '../../faults/disk/limited-files.ts';
import { takeDisk } from '../../faults/disk/take-disk.ts';

/** Writes a file when it is told to, and says how that went. */
const WRITER = `
import { appendFileSync } from 'node:fs';
process.on('message', (file) => {
  try {
    appendFileSync(file, Buffer.alloc(64 * 1024));
    process.send('written');
  } catch ({ code }) {
    process.send(code);
  }
});
process.send('ready');`;

const closing = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
closing.defer(() => {
  for (const path of [folder, dataDir]) rmSync(path, { recursive: true, force: true });
});
let writer: ChildProcess;

beforeAll(async () => {
  writeFileSync(join(folder, 'writer.mjs'), WRITER);
  writer = fork(join(folder, 'writer.mjs'));
  await once(writer, 'message');
});

afterAll(async () => {
  writer.disconnect();
  await closing.disposeAsync();
});

async function howWritingGoes(): Promise<string> {
  const said = once(writer, 'message');
  writer.send(join(dataDir, 'file'));
  return (await said)[0];
}

it.each<[string, () => Promise<Disk>]>([
  ['the way of this machine', () => takeDisk(dataDir, closing)],
  ['a limit on the size of files', createLimitedFiles],
])('fills the disk, and makes room again: %s', async (_way, take) => {
  const disk = await take();
  expect(await howWritingGoes()).toBe('written');
  const makeRoom = await disk.fill([writer.pid as number]);
  expect(['ENOSPC', 'EFBIG']).toContain(await howWritingGoes());
  await makeRoom();
  expect(await howWritingGoes()).toBe('written');
});
