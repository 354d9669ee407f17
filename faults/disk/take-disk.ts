import { StartError } from '../../dev/start-error.ts';
import { describeFailure } from './describe-failure.ts';
import type { Disk } from './disk.ts';
import { createLimitedFiles } from './limited-files.ts';
import { mountSmallDisk } from './small-disk.ts';

/**
 * Puts the data folder on a disk of its own that can be filled; where nothing may be mounted, the processes themselves are
 * kept from writing. Throws where neither can be done: a run without this fault must not look like one with it.
 */
export async function takeDisk(dataDir: string, closing: AsyncDisposableStack): Promise<Disk> {
  const refusals: string[] = [];
  for (const take of [() => mountSmallDisk(dataDir, closing), () => createLimitedFiles()]) {
    try {
      return await take();
    } catch (error) {
      refusals.push(describeFailure(error));
    }
  }
  throw new StartError(`There is no way to fill a disk here: ${refusals.join('; ')}.`);
}
