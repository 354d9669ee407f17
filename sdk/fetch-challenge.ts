import type { Challenge, FetchRequest } from '../runtime/device-wire.ts';
import { type DeviceContext, sendEnrolled } from './device-context.ts';
import { challengeRequestFor, readChallenge } from './read-challenge.ts';
import { giveUpAtMs, type TransactionReference, transactionIdOf, transactionPath } from './transaction-reference.ts';

/**
 * Fetches what the user must see before answering. A challenge is given to one request only;
 * this phone asks with the same request each time, so that it may ask again.
 * Throws 10013 when the transaction is unknown, expired or answered, and 9029 when someone else has read the challenge.
 */
export async function fetchChallenge(device: DeviceContext, reference: TransactionReference): Promise<Challenge> {
  const asked = await challengeRequestFor(device, transactionIdOf(reference));
  const request: FetchRequest = { requestId: asked.requestId };
  const { body } = await sendEnrolled(device, asked.enrolled, {
    method: 'POST',
    path: transactionPath(asked.transactionId, 'fetch'),
    body: request,
    giveUpAtMs: giveUpAtMs(reference, device.transport.serverClock.now()),
  });
  return readChallenge(device, asked, body);
}
