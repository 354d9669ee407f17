import { setCurrentDetails } from '@temporalio/workflow';

/** Tells the Temporal UI the story of one transaction, a line for each thing that happened. Costs no history. */
export interface Narrator {
  tell(atMs: number, line: string): void;
}

/** Lines beyond this are dropped from the front; the history has them all. */
const MAX_LINES = 40;

export function createNarrator(): Narrator {
  const lines: string[] = [];
  return {
    tell(atMs, line) {
      lines.push(`- ${new Date(atMs).toISOString()} ${line}`);
      if (lines.length > MAX_LINES) lines.shift();
      setCurrentDetails(lines.join('\n'));
    },
  };
}
