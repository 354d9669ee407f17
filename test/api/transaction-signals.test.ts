import { randomBytes, randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { NO_SEARCH_ATTRIBUTES } from '../../api/search-attributes.ts';
import { createTransactions } from '../../api/transactions.ts';
import { loadApiConfig } from '../../runtime/config.ts';
import { createTemporalClient } from '../../runtime/temporal.ts';

const config = loadApiConfig({
  DATABASE_URL: process.env.TEST_DATABASE_URL,
  TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS,
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  PUBLIC_URL: 'http://127.0.0.1:8080',
});
const client = createTemporalClient(config);
afterAll(() => client.connection.close());

it('leaves nothing on the signal that outlives its calls, or each would stay in memory', async () => {
  const gone = new AbortController();
  const watch = { isUp: true, signal: gone.signal, stop: () => {} };
  const transactions = createTransactions(client, watch, 'a-queue-without-workers', NO_SEARCH_ATTRIBUTES);
  for (let time = 0; time < 3; time += 1) {
    // Nobody knows this transaction, which Temporal itself says.
    await transactions.resend(randomUUID()).catch(() => undefined);
  }
  expect(getEventListeners(gone.signal, 'abort')).toHaveLength(0);
});
