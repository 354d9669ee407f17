import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceState, DeviceStore } from './device-store.ts';
import { isDeviceState } from './is-device-state.ts';

const LOCK_WAIT_MS = 15_000;
/** No change takes nearly as long; a lock this old was left by a process that died. */
const LOCK_STALE_MS = 10_000;
const LOCK_POLL_MS = 20;

/**
 * A store in one file (Node only), readable by its owner alone and replaced by rename. Several processes may share it.
 * `load` throws when the file holds something else than a device's state.
 */
export function createFileStore(path: string): DeviceStore {
  const file = resolve(path);
  return {
    load: () => loadState(file),
    save: (state) => saveState(file, state),
    exclusively: (work) => withLock(`${file}.lock`, work),
  };
}

async function loadState(file: string): Promise<DeviceState | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} does not hold the state of a device: it is not JSON`, { cause });
  }
  if (!isDeviceState(value)) throw new Error(`${file} does not hold the state of a device (version 1)`);
  return value;
}

async function saveState(file: string, state: DeviceState): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`);
      // An answer is sent only once it is kept, and kept means that a power cut does not undo it.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  const giveUpAtMs = performance.now() + LOCK_WAIT_MS;
  while (!(await tryLock(lock))) {
    if (performance.now() > giveUpAtMs) throw new Error(`${lock} is held by another process`);
    await delay(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx', 0o600);
    await handle.close();
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    await dropIfStale(lock);
    return false;
  }
}

async function dropIfStale(lock: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(lock);
    if (Date.now() - mtimeMs > LOCK_STALE_MS) await rm(lock, { force: true });
  } catch (error) {
    // Released between the two looks: the next try will have it.
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
