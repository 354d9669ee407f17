/** The activities as the workflow calls them, one proxy for each way of trying again. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

// Short work on our own database runs as local activities: one marker in the history and no hop through a queue.

/** Must succeed sooner or later: an outcome that is not written can not be told to anybody. Waits as timers past 5 s. */
export const { concludeTransaction } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'Write the outcome and its events, then call the portal back',
});

/** The phone waits for this, or its answer is recorded meanwhile: it goes on until the database is back. */
export const { takeAnswer } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '7 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  summary: "Verify the phone's answer and decide; write the outcome, then call the portal back",
});

/** The portal waits for this as a phone waits for its answer. */
export const { takeSmsCode } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '7 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  summary: 'Judge the code of the SMS and decide; write the outcome, then call the portal back',
});

/** As a push: the gateways have a deadline of their own; only a lost database, or a run that was lost, is tried again. */
export const { sendSms } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  scheduleToCloseTimeout: '14 seconds',
  retry: { initialInterval: '100 milliseconds', maximumAttempts: 3 },
  summary: 'Send the SMS again',
});

/** The portal waits for this: better a quick no than a late yes. The push has a deadline of its own within it. */
export function beginTransactionWithin(milliseconds: number): Activities['beginTransaction'] {
  return proxyLocalActivities<Activities>({
    startToCloseTimeout: '9 seconds',
    scheduleToCloseTimeout: milliseconds,
    localRetryThreshold: '5 seconds',
    retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
    summary: 'Write the transaction and hand its push or SMS over',
  }).beginTransaction;
}

/** The sender has its own deadline and answers refusals with values; only a lost database is tried again, briefly. */
export const { sendPush } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  scheduleToCloseTimeout: '14 seconds',
  retry: { initialInterval: '100 milliseconds', maximumAttempts: 3 },
  summary: 'Hand the push to its provider',
});

/** A portal may be down for a weekend. The activity itself says how long to wait before each next attempt. */
export const { deliverCallback } = proxyActivities<Activities>({
  startToCloseTimeout: '70 seconds',
  scheduleToCloseTimeout: '72 hours',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '24 hours' },
  summary: 'Call the portal back until it has the news',
});
