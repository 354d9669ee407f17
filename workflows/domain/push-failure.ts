/** What follows when a push provider says no. */

/** What a refusal means, whoever the provider is. */
export type PushFailure = 'token_gone' | 'misconfigured' | 'throttled' | 'provider_unavailable' | 'message_refused';

export interface PushConsequences {
  /** `quickly`: once, on a fresh connection; `when_told`: once, where the provider names a time that is soon enough. */
  readonly triedAgain: 'never' | 'quickly' | 'when_told';
  /** `erased`: the push enrolment ends, unless the phone has brought another token meanwhile. */
  readonly token: 'kept' | 'erased';
  /** Not the user's fault and not the phone's: the operator hears of it. */
  readonly isAlarming: boolean;
}

export const PUSH_CONSEQUENCES: Readonly<Record<PushFailure, PushConsequences>> = {
  token_gone: { triedAgain: 'never', token: 'erased', isAlarming: false },
  misconfigured: { triedAgain: 'never', token: 'kept', isAlarming: true },
  throttled: { triedAgain: 'when_told', token: 'kept', isAlarming: false },
  provider_unavailable: { triedAgain: 'quickly', token: 'kept', isAlarming: false },
  message_refused: { triedAgain: 'never', token: 'kept', isAlarming: false },
};

/** A push is urgent and short-lived: what did not work twice within its time has failed. */
const MAX_ATTEMPTS = 2;
const QUICK_RETRY_MS = 100;
const JITTER = 0.5;
/** An attempt with less time than this would only be given up on its way. */
const SHORTEST_ATTEMPT_MS = 200;

/**
 * Milliseconds to wait before the push is tried again; undefined when the failure stands. `attempts` were made so far,
 * and `leftMs` is what is left of the time for this push, or of the transaction if that is less. `random` is uniform in
 * [0, 1).
 */
export function delayBeforeNextPushMs(
  { failure, retryAfterMs }: { readonly failure: PushFailure; readonly retryAfterMs?: number },
  attempts: number,
  leftMs: number,
  random: number,
): number | undefined {
  const { triedAgain } = PUSH_CONSEQUENCES[failure];
  if (triedAgain === 'never' || attempts >= MAX_ATTEMPTS) return undefined;
  if (triedAgain === 'when_told' && retryAfterMs === undefined) return undefined;
  const spread = 1 - JITTER + 2 * JITTER * random;
  const delayMs = Math.max(retryAfterMs ?? 0, Math.round(QUICK_RETRY_MS * spread));
  return delayMs + SHORTEST_ATTEMPT_MS <= leftMs ? delayMs : undefined;
}
