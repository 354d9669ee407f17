import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_ROOT } from './data-folder.ts';
import { runToEnd } from './run-to-end.ts';

const BUILD_DEADLINE_MS = 180_000;
const WEB = join(REPOSITORY_ROOT, 'web');
const BUILT = join(WEB, 'dist');
const VITE = join(REPOSITORY_ROOT, 'node_modules/vite/bin/vite.js');
/** Written last: its time is that of the sources that were built. */
const MARK = join(BUILT, '.built');
/** What the pages are made of. */
const SOURCES = [
  WEB,
  ...['sdk', 'runtime/device-wire.ts', 'runtime/device-wire'].map((path) => join(REPOSITORY_ROOT, path)),
];
const LOCK_FILE = join(REPOSITORY_ROOT, 'package-lock.json');

export interface BuildOptions {
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** True where the pages are built, and from what lies in their folders now. */
export function arePagesFresh(): boolean {
  if (!existsSync(MARK)) return false;
  const builtAtMs = statSync(MARK).mtimeMs;
  return [...SOURCES, LOCK_FILE].every((path) => newestBelow(path) <= builtAtMs);
}

/**
 * Builds the pages beside those that are served, and puts them in their place at once: nobody gets half of one.
 * Throws where the build fails, or its tools are not installed.
 */
export async function buildPages({ logFile, env, signal }: BuildOptions): Promise<void> {
  if (!existsSync(VITE)) throw new Error('the development dependencies are not installed');
  const startedAt = new Date();
  const fresh = `${BUILT}-${process.pid}`;
  const old = `${fresh}-old`;
  try {
    await runToEnd({
      command: process.execPath,
      args: [VITE, 'build', '--config', join(WEB, 'vite.config.ts'), '--configLoader', 'native', '--outDir', fresh],
      // Whoever builds them, a test too, builds what users get.
      ...{
        cwd: REPOSITORY_ROOT,
        env: { ...env, NODE_ENV: 'production' },
        logFile,
        withinMs: BUILD_DEADLINE_MS,
        signal,
      },
    });
    const mark = join(fresh, '.built');
    writeFileSync(mark, '');
    utimesSync(mark, startedAt, startedAt);
    replaceBuilt(fresh, old);
  } finally {
    for (const path of [fresh, old]) rmSync(path, { recursive: true, force: true });
  }
}

/** Of two that build at once, one is enough: both have built the same. */
function replaceBuilt(fresh: string, old: string): void {
  try {
    if (existsSync(BUILT)) renameSync(BUILT, old);
    renameSync(fresh, BUILT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

function newestBelow(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const names = readdirSync(path).filter((name) => !(path === WEB && name.startsWith('dist')));
  return Math.max(0, ...names.map((name) => newestBelow(join(path, name))));
}
