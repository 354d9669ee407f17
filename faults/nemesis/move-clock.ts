import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { waitUntil } from '../../dev/wait-until.ts';
import { clockFileOf, seenFileOf } from '../clock/with-movable-clock.ts';
import type { Victim } from '../victims.ts';
import type { Battlefield } from './battlefield.ts';

const WRONG_MS = 5_000;
/** A process looks at its signals when it has nothing else to do. */
const NOTICED_WITHIN_MS = 30_000;

/** Moves the clock of a running process, whatever it is at, and puts it right again. */
export async function moveClock(
  { stage: { dataDir }, wait }: Battlefield,
  victim: Victim,
  byMs: number,
): Promise<void> {
  const [file, seenFile] = [clockFileOf(dataDir, victim.name), seenFileOf(dataDir, victim.name)];
  async function tell(ms: number): Promise<void> {
    victim.notify('SIGUSR2');
    await waitUntil(async () => victim.isGone || isSeen(seenFile, ms), {
      what: `${victim.name}, to notice its clock,`,
      withinMs: NOTICED_WITHIN_MS,
    });
  }

  writeFileSync(file, String(byMs));
  try {
    await tell(byMs);
    await wait(WRONG_MS);
  } finally {
    rmSync(file);
    await tell(0);
  }
}

/** True when the process that writes this file goes by a clock that is off by so many ms. */
export function isSeen(seenFile: string, ms: number): boolean {
  return existsSync(seenFile) && Number(readFileSync(seenFile, 'utf8')) === ms;
}
