import { v7 as uuidv7 } from 'uuid';
import { createSmsAttemptStore } from '../../db/sms-attempts.ts';
import { SMS_CODE_CEILING, smsCodeLimitOf } from '../../workflows/domain/attempts.ts';
import { sixteen } from './fixture.ts';
import { createSmsFixture, type SmsFixture } from './sms-fixture.ts';

let fixture: SmsFixture;
let attempts: ReturnType<typeof createSmsAttemptStore>;

beforeAll(async () => {
  fixture = await createSmsFixture();
  attempts = createSmsAttemptStore(fixture.knex);
});

afterAll(() => fixture.database.drop());

it('has exactly as many as the limit when sixteen are tried at once', async () => {
  const transactionId = await fixture.openSms();
  const left = await Promise.all(
    sixteen((index) => attempts.charge({ attemptId: `${transactionId}/${index}`, transactionId, limit: 3 })),
  );
  expect(left.filter((charge) => charge !== 'none_left').sort()).toStrictEqual([0, 1, 2]);
  expect(left.filter((charge) => charge === 'none_left')).toHaveLength(13);
  expect(await fixture.knex('transactions').where({ id: transactionId }).first('sms_failures')).toStrictEqual({
    sms_failures: 3,
  });
});

it('charges an attempt that is run again once, and tells the same', async () => {
  const transactionId = await fixture.openSms();
  const attempt = { attemptId: transactionId, transactionId, limit: 3 };
  const left = await Promise.all(sixteen(() => attempts.charge(attempt)));
  expect(new Set([...left, await attempts.charge(attempt)]).size).toBe(1);
  expect(await fixture.count('sms_attempts', { transaction_id: transactionId })).toBe(1);
});

it('keeps the attempts of transactions apart, and charges none that there is not', async () => {
  const [first, second] = await Promise.all([fixture.openSms(), fixture.openSms()]);
  expect(await attempts.charge({ attemptId: 'a1', transactionId: first, limit: 2 })).toBe(1);
  expect(await attempts.charge({ attemptId: 'a2', transactionId: second, limit: 2 })).toBe(1);
  expect(await attempts.charge({ attemptId: 'a3', transactionId: uuidv7(), limit: 2 })).toBe('none_left');
  expect(await fixture.count('sms_attempts', { id: 'a3' })).toBe(0);
});

it.each([
  [0, SMS_CODE_CEILING],
  [1, 1],
  [100, 100],
  [1_000, SMS_CODE_CEILING],
])('a limit of %i in the type is %i in earnest', (typeLimit, limit) => {
  expect(smsCodeLimitOf(typeLimit)).toBe(limit);
});

it('notes one of sixteen attempts as the one that an approval rests on, and tells that one so again', async () => {
  const transactionId = await fixture.openSms();
  const ids = sixteen((index) => `${transactionId}/${index}`);
  expect(await attempts.recordRight({ attemptId: 'too early', transactionId })).toBe(false);
  await fixture
    .knex('transactions')
    .where({ id: transactionId })
    .update({ status: 'approved', outcome: JSON.stringify({ status: 'approved' }) });
  const noted = await Promise.all(ids.map((attemptId) => attempts.recordRight({ attemptId, transactionId })));
  expect(noted.filter(Boolean)).toHaveLength(1);
  const winner = ids[noted.indexOf(true)] as string;
  expect(await attempts.recordRight({ attemptId: winner, transactionId })).toBe(true);
});

it('writes the events of a wrong code once', async () => {
  const transactionId = await fixture.openSms();
  await attempts.charge({ attemptId: `${transactionId}/w`, transactionId, limit: 1 });
  await Promise.all(sixteen(() => attempts.recordWrong(`${transactionId}/w`, true)));
  expect((await fixture.eventsOf(transactionId)).slice(1)).toStrictEqual([
    'SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE',
    'SMS_AUTH_VALIDATION_LIMIT_EXCEEDED',
  ]);
});
