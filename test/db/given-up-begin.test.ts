import { createConcludeTransaction } from '../../activities/conclude-transaction.ts';
import { createFakeCallbackLog, createFakeCallbackQuarantine, createFakeCallbackSender } from '../activities/fakes.ts';
import { anInput, createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

it('leaves nothing pending where the begin was given up while its opening was still under way', async () => {
  const phone = await fixture.enrol('given-up');
  const input = anInput(phone);
  const { transactionId } = input;
  const times = { createdAtMs: Date.now(), deadlineMs: Date.now() + 60_000 };
  const conclude = createConcludeTransaction({
    transactions: fixture.transactions,
    receipts: { pgpFingerprintOf: async () => 'fingerprint', sign: async () => 'receipt' },
    callbackSender: createFakeCallbackSender(),
    callbackLog: createFakeCallbackLog(),
    callbackQuarantine: createFakeCallbackQuarantine(),
    callbackTimeoutMs: 1_000,
  });
  const outcome = { status: 'failed', settledAtMs: Date.now(), reason: 'failed_to_send' } as const;
  const conclusion = await conclude({ transactionId, outcome, callbackUri: null, opening: { input, ...times } });
  expect(conclusion).toEqual({ outcome, answerSha256: null, isCalledBack: true });

  await fixture.transactions.open(input, times);
  const [row] = await fixture.knex('transactions').where({ id: transactionId });
  expect(row).toMatchObject({ status: 'failed', outcome });
  const events = await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id').pluck('name');
  expect(events).toEqual(['PUSH_AUTH_INITIALIZED', 'MOBILE_AUTH_FAILED']);
});
