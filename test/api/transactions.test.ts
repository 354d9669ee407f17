import type { Client } from '@temporalio/client';
import { NO_SEARCH_ATTRIBUTES } from '../../api/search-attributes.ts';
import type { TemporalWatch } from '../../api/temporal-watch.ts';
import { createTransactions } from '../../api/transactions.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';

const watch: TemporalWatch = { isUp: true, signal: new AbortController().signal, stop: () => undefined };
const input = {
  transactionId: 'transaction-1',
  policy: { typeName: 'push' },
  clientId: 'portal',
} as unknown as AuthenticateInput;

/** Temporal's client, whose service answers a start with update so. */
function clientThatThrows(error: Error): Client {
  const passOn = (_limit: unknown, call: () => unknown): unknown => call();
  const workflow = { getHandle: () => undefined, executeUpdateWithStart: () => Promise.reject(error) };
  return { withDeadline: passOn, withAbortSignal: passOn, workflow } as unknown as Client;
}

it('is unavailable where Temporal has lost its database for a moment, which the client throws as it came', async () => {
  // What one of two operations at once has met: a shard that does not know whether it has written.
  const lost = Object.assign(new Error('shard status unknown'), { code: 14, details: '', metadata: {} });
  const { begin } = createTransactions(clientThatThrows(lost), watch, 'queue', NO_SEARCH_ATTRIBUTES);
  await expect(begin(input)).rejects.toMatchObject({ code: 'unavailable', cause: lost });
});

it('takes no bug for unavailability', async () => {
  const bug = new TypeError('undefined is not a function');
  const { begin } = createTransactions(clientThatThrows(bug), watch, 'queue', NO_SEARCH_ATTRIBUTES);
  await expect(begin(input)).rejects.toBe(bug);
});
