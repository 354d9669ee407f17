import { UsageError } from './failures.ts';

/** Exit code for a thrown thing: 2 for a command line that was not understood, 1 for everything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof UsageError ? 2 : 1;
}
