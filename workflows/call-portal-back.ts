import type { AuthenticateInput } from './contract.ts';
import type { Narrator } from './narrate.ts';
import { isStepFailure } from './step-failure.ts';
import { deliverCallback } from './steps.ts';

/**
 * Goes on to tell the portal that there is a result to fetch, where the first attempt, made with the outcome, was not
 * taken: a retried activity, for 72 hours.
 */
export async function callPortalBack(input: AuthenticateInput, narrator: Narrator): Promise<void> {
  const { transactionId, callbackUri } = input;
  if (callbackUri === null) return;
  narrator.tell(Date.now(), 'The portal did not take the callback; trying again');
  try {
    await deliverCallback({ transactionId, callbackUri });
    narrator.tell(Date.now(), 'The portal was called back');
  } catch (error) {
    // Seventy-two hours of refusals are in the delivery log; the result stays there to be fetched.
    if (!isStepFailure(error)) throw error;
    narrator.tell(Date.now(), 'The portal could not be called back');
  }
}
