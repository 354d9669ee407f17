import type { Findings } from '../findings.ts';
import { atLeastOneCallback } from './at-least-one-callback.ts';
import { countedAttempts } from './counted-attempts.ts';
import { countedCodes } from './counted-codes.ts';
import { decisionsStand } from './decisions-stand.ts';
import { endsInTime } from './ends-in-time.ts';
import { eventsAndOutcomes } from './events-and-outcomes.ts';
import { noForeignAnswer } from './no-foreign-answer.ts';
import { oneFallback } from './one-fallback.ts';
import { oneFinalState } from './one-final-state.ts';
import { pushesAreBounded } from './pushes-are-bounded.ts';

/** One thing that must hold, whatever happens; each breach is a sentence. */
export type Check = (findings: Findings) => readonly string[];

/** Everything that is looked at after a run, by what it promises. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'every acknowledged begin ends, once, in time': endsInTime,
  'no view ever shows two final states': oneFinalState,
  'an acknowledged decision is never replaced': decisionsStand,
  'wrong answers are counted, and no more are taken than allowed': countedAttempts,
  'codes by SMS are counted, and good once': countedCodes,
  'the portal is called back at least once, always alike and signed, after the result is there': atLeastOneCallback,
  'no more pushes than allowed, and none after the end': pushesAreBounded,
  'one fallback at most: no SMS for what was pushed, and no more of them than allowed': oneFallback,
  'no answer counts but that of the phone that was asked': noForeignAnswer,
  'no outcome without its event and receipt, no event without its transaction': eventsAndOutcomes,
};
