import { callbackAddressOf } from '../workflows/domain/callback-address.ts';
import { delayBeforeTrialMs, isQuarantineDue } from '../workflows/domain/callback-quarantine.ts';
import type { CallbackAttempt, CallbackLog, CallbackQuarantine, CallbackSender } from './ports.ts';

export interface CallbackDependencies {
  readonly callbackSender: CallbackSender;
  readonly callbackLog: CallbackLog;
  readonly callbackQuarantine: CallbackQuarantine;
  readonly callbackTimeoutMs: number;
}

export interface CallbackRequest {
  readonly transactionId: string;
  readonly callbackUri: string;
}

export interface AttemptPlace {
  readonly timeoutMs: number;
  readonly delivery: number;
  readonly number: number;
}

/** Sends once, logs it, and puts the address into quarantine where it has failed long enough. */
export async function sendCallback(
  { callbackSender, callbackLog, callbackQuarantine }: CallbackDependencies,
  { transactionId, callbackUri }: CallbackRequest,
  { timeoutMs, delivery, number }: AttemptPlace,
): Promise<CallbackAttempt> {
  const address = callbackAddressOf(callbackUri);
  const startedAtMs = Date.now();
  const attempt = await callbackSender.send({ transactionId, callbackUri }, timeoutMs);
  const durationMs = Date.now() - startedAtMs;
  const failing = await callbackLog.record({ ...attempt, transactionId, address, durationMs, delivery, number });
  if (failing && !failing.isQuarantined && isQuarantineDue(failing, failing.nowMs)) {
    await callbackQuarantine.begin(address, transactionId, delayBeforeTrialMs(0));
  }
  return attempt;
}
