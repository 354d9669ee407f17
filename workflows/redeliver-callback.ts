import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { RedeliverCallbackInput, RedeliveryEnd } from './contract.ts';
import { isStepFailure } from './step-failure.ts';

/** The activity counts its attempts and gives up by itself; what lies between them may be a quarantine. */
const { deliverCallback } = proxyActivities<Activities>({
  startToCloseTimeout: '70 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 hour' },
  summary: 'Call the portal back once more',
});

/** Tells a portal once more that there is a result to fetch, because it asked for that. */
export async function redeliverCallback(input: RedeliverCallbackInput): Promise<RedeliveryEnd> {
  const { transactionId, callbackUri, number, requestId } = input;
  try {
    await deliverCallback({ transactionId, callbackUri, redelivery: { number, requestId } });
    return 'delivered';
  } catch (error) {
    // What the portal said each time is in the delivery log.
    if (!isStepFailure(error)) throw error;
    return 'given_up';
  }
}
