import { execFile } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Disk } from './disk.ts';

const run = promisify(execFile);
const COMMAND_DEADLINE_MS = 10_000;
/** More than a long run needs; only what is used takes memory. */
const SIZE_MIB = 4_096;
const BALLAST_STEP_BYTES = 4_096;
/** It grows while it is shrunk. */
const SHRINK_TRIES = 20;

/** Mounts an empty file system in memory on the folder; unmounted by `closing`. Throws where nothing may be mounted. */
export async function mountSmallDisk(dataDir: string, closing: AsyncDisposableStack): Promise<Disk> {
  const resize = (size: string) => mount('-o', `remount,size=${size}`, dataDir);
  await mount('-t', 'tmpfs', '-o', `size=${SIZE_MIB}m,mode=0700`, 'countersign-faults', dataDir);
  // Lazily, as a process that does not end would hold it.
  closing.defer(async () => void (await run('umount', ['--lazy', dataDir], { timeout: COMMAND_DEADLINE_MS })));
  const ballast = join(dataDir, 'ballast');

  async function shrinkToUsed(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { blocks, bfree, bsize } = statfsSync(dataDir);
      try {
        return await resize(String((blocks - bfree + tries) * bsize));
      } catch (error) {
        if (tries === SHRINK_TRIES) throw error;
      }
    }
  }

  async function makeRoom(): Promise<void> {
    await resize(`${SIZE_MIB}m`);
    rmSync(ballast, { force: true });
  }

  return {
    way: 'the data folder is a file system in memory, which is shrunk to what is used',
    async fill() {
      try {
        await shrinkToUsed();
        fillRest(ballast);
      } catch (error) {
        await makeRoom();
        throw error;
      }
      return makeRoom;
    },
  };
}

async function mount(...args: string[]): Promise<void> {
  await run('mount', args, { timeout: COMMAND_DEADLINE_MS });
}

/** Until the system says that there is no room. */
function fillRest(ballast: string): void {
  for (;;) {
    try {
      writeFileSync(ballast, Buffer.alloc(BALLAST_STEP_BYTES), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
