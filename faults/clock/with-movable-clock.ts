import { join } from 'node:path';

const MOVABLE_CLOCK = new URL('movable-clock.ts', import.meta.url).href;

/** What a process of this name is started with, so that its clock can be moved while it runs. */
export function withMovableClock(dataDir: string, name: string): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${MOVABLE_CLOCK}`, MOVED_CLOCK_FILE: clockFileOf(dataDir, name) };
}

/** Says by how many ms its clock is wrong; it is right where there is none. */
export function clockFileOf(dataDir: string, name: string): string {
  return join(dataDir, `${name}.clock`);
}

/** By how many ms it was wrong when it looked last. */
export function seenFileOf(dataDir: string, name: string): string {
  return `${clockFileOf(dataDir, name)}.seen`;
}
