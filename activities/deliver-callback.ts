import { ApplicationFailure } from '@temporalio/activity';
import { callbackAddressOf } from '../workflows/domain/callback-address.ts';
import { delayBeforeTrialMs } from '../workflows/domain/callback-quarantine.ts';
import { delayBeforeNextAttemptMs, REDELIVERY_ATTEMPTS, spreadMs } from '../workflows/domain/callback-schedule.ts';
import { type CallbackDependencies, type CallbackRequest, sendCallback } from './send-callback.ts';

export interface DeliveryRequest extends CallbackRequest {
  /** Set when the portal asked for the callback once more. */
  readonly redelivery?: { readonly number: number; readonly requestId: string };
}

/** Tries once; fails with the delay before the next try, so that Temporal keeps the schedule. */
export function createDeliverCallback(dependencies: CallbackDependencies) {
  const { callbackLog, callbackQuarantine, callbackTimeoutMs } = dependencies;

  return async (request: DeliveryRequest): Promise<void> => {
    const { transactionId, callbackUri, redelivery } = request;
    const delivery = redelivery?.number ?? 0;
    if (redelivery && !(await callbackLog.openRedelivery(transactionId, redelivery.number, redelivery.requestId))) {
      return;
    }
    const { isDelivered, lastNumber } = await callbackLog.standingOf(transactionId, delivery);
    if (isDelivered) return;
    const number = lastNumber + 1;
    const address = callbackAddressOf(callbackUri);
    // Whoever asks for a redelivery says that the address is well again: its first attempt is made at once.
    const isWantedNow = redelivery !== undefined && number === 1;
    const waitMs = isWantedNow ? 0 : await takeTurn(address);
    if (waitMs > 0) throw tryAgain('the address is in quarantine', waitMs);

    const place = { timeoutMs: callbackTimeoutMs, delivery, number };
    const attempt = await sendCallback(dependencies, { transactionId, callbackUri }, place);
    if (attempt.ok) return;
    if (redelivery && number >= REDELIVERY_ATTEMPTS) throw giveUp(attempt.failure);
    const standing = await callbackQuarantine.find(address);
    const delayMs = delayBeforeNextAttemptMs(number, Math.random());
    throw tryAgain(attempt.failure, Math.max(delayMs, spreadMs(standing?.waitMs ?? 0, Math.random())));
  };

  /** 0 when the address may be called now; else how long to wait. In quarantine one of all that wait is let through. */
  async function takeTurn(address: string): Promise<number> {
    const standing = await callbackQuarantine.find(address);
    if (!standing) return 0;
    const nextAfterMs = delayBeforeTrialMs(standing.trials + 1);
    if (standing.waitMs > 0) return spreadMs(standing.waitMs, Math.random());
    const isOurs = await callbackQuarantine.claimTrial(address, standing.trials, nextAfterMs);
    return isOurs ? 0 : spreadMs(nextAfterMs, Math.random());
  }
}

function tryAgain(failure: string, nextRetryDelay: number): ApplicationFailure {
  return ApplicationFailure.create({ message: messageOf(failure), type: 'callback_not_delivered', nextRetryDelay });
}

function giveUp(failure: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(messageOf(failure), 'callback_given_up');
}

function messageOf(failure: string): string {
  return `the portal did not take the callback: ${failure}`;
}
