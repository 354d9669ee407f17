import type { PendingTransaction } from '../runtime/device-wire.ts';
import { type DeviceContext, requireEnrolled, sendEnrolled } from './device-context.ts';
import { localError } from './errors.ts';
import { readMoment, readObject, readText } from './read-field.ts';

/** What waits for this phone's answer, newest first: the way out when a push did not arrive. */
export async function listPending(device: DeviceContext): Promise<readonly PendingTransaction[]> {
  const enrolled = requireEnrolled(await device.state.read());
  const { body } = await sendEnrolled(device, enrolled, { method: 'GET', path: '/device/v1/transactions' });
  const { transactions } = readObject(body, 'list of transactions');
  if (!Array.isArray(transactions)) throw localError('reply_malformed', 'The reply has no transactions.');
  return transactions.map(readPending);
}

function readPending(value: unknown): PendingTransaction {
  const fields = readObject(value, 'pending transaction');
  const { message, timeToLiveSeconds } = fields;
  if (typeof message !== 'string' || typeof timeToLiveSeconds !== 'number') {
    throw localError('reply_malformed', 'A pending transaction has no message or no time to live.');
  }
  return {
    transactionId: readText(fields, 'transactionId'),
    userId: readText(fields, 'userId'),
    message,
    sentAt: readMoment(fields, 'sentAt'),
    expiresAt: readMoment(fields, 'expiresAt'),
    timeToLiveSeconds,
  };
}
