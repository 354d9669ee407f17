import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-reference-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes the reference as the command does, in a folder of its own. */
function makeReference(...options: string[]) {
  const typedoc = join(ROOT, 'node_modules/typedoc/bin/typedoc');
  const { status, stderr } = spawnSync(process.execPath, [typedoc, '--out', join(folder, 'out'), ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, stderr };
}

it('documents everything that the device client exports', () => {
  expect(makeReference()).toMatchObject({ status: 0, stderr: expect.not.stringContaining('does not have') });
}, 180_000);

it('would not be made of what is not documented', () => {
  const [entry, tsconfig, options] = ['undocumented.ts', 'tsconfig.json', 'typedoc.json'].map((n) => join(folder, n));
  writeFileSync(entry as string, 'export const undocumented = 1;\n');
  writeFileSync(tsconfig as string, JSON.stringify({ files: ['undocumented.ts'] }));
  const rules = JSON.parse(readFileSync(join(ROOT, 'typedoc.json'), 'utf8'));
  writeFileSync(options as string, JSON.stringify({ ...rules, entryPoints: [entry], tsconfig, readme: 'none' }));
  const made = makeReference('--options', options as string);
  expect(made.status).not.toBe(0);
  expect(made.stderr).toContain('does not have any documentation');
}, 180_000);
