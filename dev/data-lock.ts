import { existsSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { pathsIn, replaceFile } from './data-folder.ts';
import { StartError } from './start-error.ts';

/** The right to use a data folder, held until it is released or the process dies. */
export interface DataLock {
  /** Lets another start wait for this one to end, which it would otherwise refuse to do. */
  announceEnd(): void;
  release(): void;
}

/** The lock, or who has it. */
export type Locking =
  | { readonly ok: true; readonly lock: DataLock }
  /** Who has it, as far as is known. */
  | { readonly ok: false; readonly holder: string };

const SQLITE_BUSY = 5;
const ENDING = 'ending';
const ENDING_DEADLINE_MS = 90_000;
const POLL_MS = 200;

/**
 * Takes the data folder for this process; refuses while another process has it, but waits for one that is about to end.
 * The lock is an exclusive SQLite transaction that stays open: the operating system lets go of it when the process dies,
 * however it dies, so that no stale lock is ever left behind.
 */
export async function lockDataFolder(dataDir: string, say: (line: string) => void): Promise<Locking> {
  const { lock: path, pid } = pathsIn(dataDir);
  const holderFile = pid('supervisor');
  const deadlineMs = Date.now() + ENDING_DEADLINE_MS;
  let database = tryLock(path);
  if (!database && holderIn(holderFile).endsWith(ENDING)) say('The earlier run is still ending; waiting for it');
  while (!database && holderIn(holderFile).endsWith(ENDING) && Date.now() < deadlineMs) {
    await pause(POLL_MS);
    database = tryLock(path);
  }
  if (!database) return { ok: false, holder: holderIn(holderFile) };
  const held = database;
  replaceFile(holderFile, `process ${process.pid}`);
  return {
    ok: true,
    lock: {
      announceEnd: () => replaceFile(holderFile, `process ${process.pid}, ${ENDING}`),
      release() {
        rmSync(holderFile, { force: true });
        held.close();
      },
    },
  };
}

function tryLock(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw new StartError(`${path} can not be locked: ${(cause as Error).message}`, { cause });
  }
}

function holderIn(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
