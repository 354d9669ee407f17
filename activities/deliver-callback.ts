import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { delayBeforeNextAttemptMs } from '../workflows/domain/callback-schedule.ts';
import { type CallbackDependencies, type CallbackRequest, sendAndRecord } from './attempt-callback.ts';

/** Tries once; fails with the delay before the next try, so that Temporal keeps the schedule. */
export function createDeliverCallback({ callbackSender, callbackLog, callbackTimeoutMs }: CallbackDependencies) {
  return async (callback: CallbackRequest): Promise<void> => {
    const { attempt: number } = activityInfo();
    const attempt = await sendAndRecord(callbackSender, callbackLog, callback, {
      timeoutMs: callbackTimeoutMs,
      number,
      mayHaveBeenCalled: true,
    });
    if (attempt.ok) return;
    throw ApplicationFailure.create({
      message: `the portal did not take the callback: ${attempt.failure}`,
      type: 'callback_not_delivered',
      nextRetryDelay: delayBeforeNextAttemptMs(number, Math.random()),
    });
  };
}
