import { createBeginTransaction } from '../../activities/begin-transaction.ts';
import { createConcludeTransaction } from '../../activities/conclude-transaction.ts';
import { createPushLog } from '../../db/push-log.ts';
import {
  createFakeCallbackLog,
  createFakeCallbackQuarantine,
  createFakeCallbackSender,
  createFakePushConsequences,
  createFakePushSender,
} from '../activities/fakes.ts';
import { anInput, createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

it('leaves nothing pending, and pushes nothing, where the begin was given up while it was still under way', async () => {
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

  const { ended, ...consequences } = createFakePushConsequences();
  const pushSender = createFakePushSender();
  const begin = createBeginTransaction({
    transactions: fixture.transactions,
    pushLog: createPushLog(fixture.knex, fixture.keyring),
    ...{ pushSender, ...consequences, pushTimeoutMs: 1_000 },
    // It asks for a push alone: a call of these would fail the test.
    ...{ smsLog: undefined as never, smsGateways: undefined as never, smsCodes: undefined as never, smsTimeoutMs: 1 },
  });
  expect(await begin({ input, ...times })).toEqual({ ok: false, failure: 'transaction_over' });
  expect([pushSender.pushes, ended]).toEqual([[], []]);
  const [row] = await fixture.knex('transactions').where({ id: transactionId });
  expect(row).toMatchObject({ status: 'failed', outcome });
  const events = await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id').pluck('name');
  expect(events).toEqual(['PUSH_AUTH_INITIALIZED', 'MOBILE_AUTH_FAILED']);
});
