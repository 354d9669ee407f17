import type { Battlefield } from './battlefield.ts';

/** Everything that keeps its files in the data folder finds no room in it. */
export async function fillDisk({ stage: { disk, victims }, random, wait }: Battlefield): Promise<void> {
  const makeRoom = await disk.fill([victims.postgres.pid, victims.temporal.pid]);
  try {
    await wait(4_000 + random.below(4_000));
  } finally {
    await makeRoom();
  }
}
