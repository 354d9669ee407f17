import { setTimeout as pause } from 'node:timers/promises';
import type { PushReceipt } from '../ports.ts';
import { CONNECTION_ANSWERS } from './connection-answers.ts';
import { refusalFrom } from './provider-answer.ts';

/** Clients have deadlines of their own; one that overruns it holds nobody up. */
export async function giveUpAfter(withinMs: number, sending: Promise<PushReceipt>): Promise<PushReceipt> {
  const settled = new AbortController();
  const timeUp = pause(withinMs, refusalFrom(CONNECTION_ANSWERS, 'timeout'), { signal: settled.signal });
  try {
    return await Promise.race([sending, timeUp]);
  } finally {
    // Whoever lost the race is not waited for, and its failure is nobody's.
    for (const loser of [timeUp, sending]) loser.catch(() => undefined);
    settled.abort();
  }
}
