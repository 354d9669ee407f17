import type { AttemptStore, CustomAuthenticators } from '../../activities/ports.ts';
import { createTakeAnswer } from '../../activities/take-answer.ts';
import { INITIAL_STATE } from '../../workflows/domain/transaction.ts';
import { createFakeCallbackLog, createFakeCallbackQuarantine, createFakeCallbackSender } from '../activities/fakes.ts';
import { createFixture, type Enrolled, type Fixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

/** An approval by a custom authenticator that says yes to the first `times` it is asked. */
async function anApproval(phone: Enrolled, times: number) {
  const { enrolmentId } = phone;
  const transactionId = await fixture.open(phone);
  let asked = 0;
  const customAuthenticators: CustomAuthenticators = { verify: async () => ({ isAccepted: ++asked <= times }) };
  const proof = { kind: 'custom' };
  const content = { purpose: 'answer', transactionId, enrolmentId, decision: 'approve', nonce: 'nonce', proof };
  const callbackSender = createFakeCallbackSender();
  const takeAnswer = createTakeAnswer({
    transactions: fixture.transactions,
    enrolments: fixture.enrolments,
    receipts: { pgpFingerprintOf: async () => 'fingerprint', sign: async () => 'receipt' },
    ...{ callbackSender, callbackTimeoutMs: 1_000 },
    ...{ callbackLog: createFakeCallbackLog(), callbackQuarantine: createFakeCallbackQuarantine() },
    answerOpener: { open: async () => content },
    challengeNonces: { nonceFor: () => 'nonce' },
    customAuthenticators,
    // No PIN, number or signature here: a call of these would fail the test.
    ...{ answerProofs: undefined as never, transactionNumbers: undefined as never, attempts: {} as AttemptStore },
  });
  const nowMs = Date.now();
  const request = {
    ...{ transactionId, enrolmentId, callbackUri: 'https://portal.example/callback' },
    subject: { userId: phone.userId, deviceId: phone.deviceId, applicationId: 'app' },
    message: { enrolmentId, answer: 'armored', answerSha256: `sha of ${transactionId}`, receivedAtMs: nowMs },
    method: 'push_with_custom_authenticator' as const,
    ...{ state: INITIAL_STATE, rules: { deadlineMs: nowMs + 60_000, maxResends: 0 }, givenAtMs: nowMs },
  };
  return { take: () => takeAnswer(request), callbackSender, transactionId, message: request.message };
}

it('says the same again where its first run was lost, though the custom authenticator says yes once', async () => {
  const { take, callbackSender, transactionId, message } = await anApproval(await fixture.enrol('alice'), 1);
  const first = await take();
  expect(first).toMatchObject({
    ok: true,
    conclusion: { outcome: { status: 'approved' }, answerSha256: message.answerSha256, isCalledBack: true },
  });
  expect(await take()).toEqual(first);
  expect(callbackSender.sends).toHaveLength(1);
  expect(await fixture.count('receipts', { transaction_id: transactionId })).toBe(1);
});

it('says the same again where the enrolment was revoked right after', async () => {
  const phone = await fixture.enrol('bob');
  const { take } = await anApproval(phone, 2);
  const first = await take();
  await fixture.revoke(phone.enrolmentId);
  expect(await take()).toEqual(first);
});

it('refuses what nothing was concluded by', async () => {
  const { take, transactionId } = await anApproval(await fixture.enrol('carol'), 0);
  expect(await take()).toEqual({ ok: false, refusal: 'pin_required' });
  expect(await fixture.transactions.findOutcome(transactionId)).toBeUndefined();
});
