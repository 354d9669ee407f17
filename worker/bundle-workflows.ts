import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = dirname(import.meta.dirname);
const CACHE = join(ROOT, 'node_modules/.cache/countersign');
const SOURCES = ['workflows/**/*.ts', 'runtime/**/*.{ts,cjs}', 'worker/print-workflow-bundle.ts', 'package.json'];
const BUNDLER = fileURLToPath(new URL('./print-workflow-bundle.ts', import.meta.url));
const DEADLINE_MS = 60_000;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The workflows as one script, as the SDK runs them; made by a process of its own and kept for the next worker with the
 * same sources. Throws what the bundler had to say where they can not be bundled.
 */
export async function bundleWorkflows(): Promise<{ readonly code: string }> {
  const path = join(CACHE, `workflows-${await fingerprint()}.js`);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return { code: kept };
  const { stdout: code } = await promisify(execFile)(process.execPath, [BUNDLER], {
    timeout: DEADLINE_MS,
    maxBuffer: MAX_BYTES,
  });
  await keep(path, code);
  return { code };
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort())
    hash.update(`${file}\0`).update(await readFile(join(ROOT, file)));
  return hash.digest('hex').slice(0, 32);
}

async function keep(path: string, code: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.${process.pid}`, code);
    await rename(`${path}.${process.pid}`, path);
  } catch {
    // Where nothing can be written, as in a container, the next worker bundles again.
  }
}
