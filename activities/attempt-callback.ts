import { callbackAddressOf } from '../workflows/domain/callback-address.ts';
import { type CallbackDependencies, type CallbackRequest, sendCallback } from './send-callback.ts';

/** The phone's reply leaves together with this attempt, so a slow portal must not hold it long. */
const FIRST_ATTEMPT_MS = 1_000;

export interface FirstCallbackRequest extends CallbackRequest {
  /** True where this may be run again: the log is then asked before anything is sent. */
  readonly mayHaveBeenCalled: boolean;
}

/**
 * One quick attempt right after the outcome; skipped where the address has lately failed or hung. Where the log has a
 * delivery already (a task that is run again because its result was lost) nothing is sent: a portal hears twice only if
 * the log itself was lost.
 */
export function createAttemptCallback(dependencies: CallbackDependencies) {
  const { callbackSender, callbackLog, callbackQuarantine } = dependencies;
  return async (request: FirstCallbackRequest): Promise<{ readonly delivered: boolean }> => {
    const { transactionId, callbackUri, mayHaveBeenCalled } = request;
    if (callbackSender.isAilingAt(callbackUri)) return { delivered: false };
    if (await callbackQuarantine.isQuarantined(callbackAddressOf(callbackUri))) return { delivered: false };
    if (mayHaveBeenCalled && (await callbackLog.standingOf(transactionId, 0)).isDelivered) return { delivered: true };
    const place = { timeoutMs: FIRST_ATTEMPT_MS, delivery: 0, number: 0 };
    const attempt = await sendCallback(dependencies, { transactionId, callbackUri }, place);
    return { delivered: attempt.ok };
  };
}
