/** The activities as the workflow calls them, one proxy for each way of trying again. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

// Short work on our own database runs as local activities: one marker in the history and no hop through a queue.

/** Must succeed sooner or later: an outcome that is not written can not be told to anybody. Waits as timers past 5 s. */
export const { settleTransaction } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'Write the outcome, its evidence and its events',
});

/** The phone waits for these, or its answer is recorded meanwhile: they go on until the database is back. */
export const { judgeAnswer } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  summary: "Decrypt and verify the phone's answer",
});

/** The portal waits for this one: better a quick no than a late yes. */
export function openTransactionWithin(milliseconds: number): Activities['openTransaction'] {
  return proxyLocalActivities<Activities>({
    startToCloseTimeout: '2 seconds',
    scheduleToCloseTimeout: milliseconds,
    localRetryThreshold: '5 seconds',
    retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
    summary: 'Write the new transaction',
  }).openTransaction;
}

/** The sender has its own deadline and answers refusals with values; only a lost database is tried again, briefly. */
export const { sendPush } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  scheduleToCloseTimeout: '14 seconds',
  retry: { initialInterval: '100 milliseconds', maximumAttempts: 3 },
  summary: 'Hand the push to its provider',
});

/** One quick attempt; where it fails, {@link deliverCallback} goes on. */
export const { attemptCallback } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
  summary: 'Call the portal back',
});

/** A portal may be down for a weekend. The activity itself says how long to wait before each next attempt. */
export const { deliverCallback } = proxyActivities<Activities>({
  startToCloseTimeout: '70 seconds',
  scheduleToCloseTimeout: '72 hours',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '24 hours' },
  summary: 'Call the portal back until it has the news',
});
