import type { CallbackAttempt, CallbackLog, CallbackSender } from './ports.ts';

export interface CallbackDependencies {
  readonly callbackSender: CallbackSender;
  readonly callbackLog: CallbackLog;
  readonly callbackTimeoutMs: number;
}

export interface CallbackRequest {
  readonly transactionId: string;
  readonly callbackUri: string;
}

/** The phone's reply leaves together with this attempt, so a slow portal must not hold it long. */
const FIRST_ATTEMPT_MS = 1_000;

export interface FirstCallbackRequest extends CallbackRequest {
  /** True where this may be run again: the log is then asked before anything is sent. */
  readonly mayHaveBeenCalled: boolean;
}

/** One quick attempt right after the outcome; skipped where the address has lately failed or hung. */
export function createAttemptCallback({ callbackSender, callbackLog }: CallbackDependencies) {
  return async (request: FirstCallbackRequest): Promise<{ readonly delivered: boolean }> => {
    const { transactionId, callbackUri, mayHaveBeenCalled } = request;
    if (callbackSender.isAilingAt(callbackUri)) return { delivered: false };
    const attempt = await sendAndRecord(
      callbackSender,
      callbackLog,
      { transactionId, callbackUri },
      { timeoutMs: FIRST_ATTEMPT_MS, number: 0, mayHaveBeenCalled },
    );
    return { delivered: attempt.ok };
  };
}

/**
 * Sends once and writes the attempt to the delivery log, whatever came of it. Where the log has a delivery already (a
 * task that is run again because its result was lost) nothing is sent: a portal hears twice only if the log itself was lost.
 */
export async function sendAndRecord(
  sender: CallbackSender,
  log: CallbackLog,
  callback: CallbackRequest,
  options: { readonly timeoutMs: number; readonly number: number; readonly mayHaveBeenCalled: boolean },
): Promise<{ readonly ok: true } | Extract<CallbackAttempt, { ok: false }>> {
  if (options.mayHaveBeenCalled && (await log.wasDelivered(callback.transactionId))) return { ok: true };
  const startedAtMs = Date.now();
  const attempt = await sender.send(callback, options.timeoutMs);
  await log.record(callback.transactionId, {
    ...attempt,
    durationMs: Date.now() - startedAtMs,
    number: options.number,
  });
  return attempt;
}
