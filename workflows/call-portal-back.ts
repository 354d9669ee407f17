import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { AuthenticateInput } from './contract.ts';
import type { Narrator } from './narrate.ts';
import { attemptCallback, deliverCallback } from './steps.ts';

/**
 * Tells the portal that there is a result to fetch. A first quick attempt costs no events of its own; where it does
 * not succeed, a retried activity goes on for 72 hours, and `giveUpWaiting` ends the timer that is of no use any more.
 */
export async function callPortalBack(
  input: AuthenticateInput,
  giveUpWaiting: () => void,
  narrator: Narrator,
): Promise<void> {
  const callback = { transactionId: input.transactionId, callbackUri: input.callbackUri };
  try {
    if (!(await attemptCallback(callback)).delivered) {
      giveUpWaiting();
      narrator.tell(Date.now(), 'The portal did not take the callback; trying again');
      await deliverCallback(callback);
    }
    narrator.tell(Date.now(), 'The portal was called back');
  } catch (error) {
    // Seventy-two hours of refusals are in the delivery log; the result stays there to be fetched.
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    narrator.tell(Date.now(), 'The portal could not be called back');
  }
}
