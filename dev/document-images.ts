/** Takes the pictures that the documents show anew, from a run of the tests of the pages. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { REPOSITORY_ROOT } from './data-folder.ts';

const IMAGES = join(REPOSITORY_ROOT, 'docs/images');

const documents = ['README.md', ...readdirSync(join(REPOSITORY_ROOT, 'docs')).map((name) => `docs/${name}`)];
const shown = documents
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => [
    ...readFileSync(join(REPOSITORY_ROOT, name), 'utf8').matchAll(/\]\(([^)]*images\/[\w.-]+\.png)\)/g),
  ])
  .map(([, path]) => basename(path as string));

const folder = mkdtempSync(join(tmpdir(), 'countersign-images-'));
const jest = join(REPOSITORY_ROOT, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', jest, 'test/web/(console-)?looks'], {
  cwd: REPOSITORY_ROOT,
  env: { ...process.env, SCREENSHOT_FOLDER: folder },
  stdio: 'inherit',
});
if (status === 0) {
  mkdirSync(IMAGES, { recursive: true });
  for (const name of new Set(shown)) copyFileSync(join(folder, name), join(IMAGES, name));
  console.log(`${new Set(shown).size} pictures are in ${IMAGES}`);
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
