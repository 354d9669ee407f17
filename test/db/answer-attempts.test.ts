import { randomUUID } from 'node:crypto';
import { createAttemptStore } from '../../db/answer-attempts.ts';
import { APPLICATION_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

/** What an application allows unless it says otherwise. */
const LIMIT = 3;

let fixture: Fixture;
let attempts: ReturnType<typeof createAttemptStore>;

beforeAll(async () => {
  fixture = await createFixture();
  attempts = createAttemptStore(fixture.knex);
});
afterAll(() => fixture?.database.drop());

const anAttempt = async (phone: Enrolled) => ({
  transactionId: await fixture.open(phone),
  enrolmentId: phone.enrolmentId,
  answerSha256: randomUUID(),
});
const someAttempts = (phone: Enrolled) => Promise.all(sixteen(() => anAttempt(phone)));
const allow = (most: number) =>
  fixture.knex('applications').where({ id: APPLICATION_ID }).update({ pin_max_attempts: most });
const failuresOf = async ({ enrolmentId }: Enrolled): Promise<number> =>
  (await fixture.knex('enrolments').where({ id: enrolmentId }).first('pin_failures')).pin_failures;

describe('PINs', () => {
  it('of sixteen wrong ones at once, in different transactions, takes as many as the limit', async () => {
    const phone = await fixture.enrol('guesser');
    const made = await someAttempts(phone);
    const left = await Promise.all(made.map((attempt) => attempts.chargePin(attempt, false)));
    expect(left.filter((charge) => charge !== 'none_left').sort()).toStrictEqual([0, 1, 2]);
    expect(await failuresOf(phone)).toBe(LIMIT);
  });

  it('takes sixteen right ones at once, also after as many wrong ones as may be', async () => {
    const phone = await fixture.enrol('honest');
    for (let wrong = 1; wrong < LIMIT; wrong += 1) await attempts.chargePin(await anAttempt(phone), false);
    const made = await someAttempts(phone);
    const left = await Promise.all(made.map((attempt) => attempts.chargePin(attempt, true)));
    expect(left).toStrictEqual(sixteen(() => LIMIT));
    expect(await failuresOf(phone)).toBe(0);
  });

  it('takes no right one after the last wrong one, nor when it comes again', async () => {
    const phone = await fixture.enrol('exhausted');
    for (let wrong = 0; wrong < LIMIT; wrong += 1) await attempts.chargePin(await anAttempt(phone), false);
    const right = await anAttempt(phone);
    expect(await attempts.chargePin(right, true)).toBe('none_left');
    expect(await attempts.chargePin(right, true)).toBe('none_left');
    expect(await failuresOf(phone)).toBe(LIMIT);
  });

  it('charges a wrong one once, however often it comes', async () => {
    const phone = await fixture.enrol('repeater');
    const wrong = await anAttempt(phone);
    await Promise.all(sixteen(() => attempts.chargePin(wrong, false)));
    expect(await attempts.chargePin(wrong, false)).toBe(LIMIT - 1);
    expect(await failuresOf(phone)).toBe(1);
  });

  it('tells the same of a right one that comes again, and forgives by it nothing that came later', async () => {
    const phone = await fixture.enrol('latecomer');
    const right = await anAttempt(phone);
    expect(await attempts.chargePin(right, true)).toBe(LIMIT);
    await attempts.chargePin(await anAttempt(phone), false);
    expect(await attempts.chargePin(right, true)).not.toBe('none_left');
    expect(await failuresOf(phone)).toBe(1);
  });

  it('takes none of an enrolment that was revoked', async () => {
    const phone = await fixture.enrol('revoked');
    const right = await anAttempt(phone);
    await fixture.revoke(phone.enrolmentId);
    expect(await attempts.chargePin(right, true)).toBe('none_left');
  });
});

it('of sixteen numbers at once takes three, each once', async () => {
  const phone = await fixture.enrol('reader');
  const { transactionId, enrolmentId } = await anAttempt(phone);
  const made = sixteen(() => ({ transactionId, enrolmentId, answerSha256: randomUUID() }));
  const left = await Promise.all(made.map((attempt) => attempts.chargeNumber(attempt)));
  expect(left.filter((charge) => charge !== 'none_left').sort()).toStrictEqual([0, 1, 2]);
});

it.each([
  ['PIN', (answer: Parameters<typeof attempts.chargeNumber>[0]) => attempts.chargePin(answer, false)],
  ['number', (answer: Parameters<typeof attempts.chargeNumber>[0]) => attempts.chargeNumber(answer)],
])('charges the same answer with a wrong %s once, and tells all sixteen alike', async (what, charge) => {
  const answer = await anAttempt(await fixture.enrol(`same-${what}`));
  expect(await Promise.all(sixteen(() => charge(answer)))).toEqual(sixteen(() => 2));
  expect(await charge({ ...answer, answerSha256: randomUUID() })).toBe(1);
});

it.each([
  ['as many PINs as the application allows', 3, [2, 1, 0]],
  ['ten PINs where it has no limit of its own', 0, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
])('charges %s, of sixteen answers at once', async (_what, limit, left) => {
  await allow(limit);
  const phone = await fixture.enrol(`pins-${limit}`);
  const answers = await Promise.all(sixteen(() => anAttempt(phone)));
  const charged = await Promise.all(answers.map((answer) => attempts.chargePin(answer, false)));
  const counted = charged.filter((one) => one !== 'none_left');
  await allow(LIMIT);
  expect(counted.sort((a, b) => b - a)).toEqual(left);
  expect(await failuresOf(phone)).toBe(left.length);
});

it('ends the enrolment after the last wrong PIN once, with one event, and erases its push token', async () => {
  const phone = await fixture.enrol('guessed', { pushToken: 'token of a guessed phone' });
  await Promise.all(sixteen(() => attempts.revokeForPins(phone.enrolmentId)));
  const [row] = await fixture.knex('enrolments').where({ id: phone.enrolmentId });
  expect(row).toMatchObject({ sealed_push_token: null, push_token_hmac: null, revoked_at: expect.any(Date) });
  const name = 'PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED';
  expect(await fixture.count('events', { user_id: 'guessed', name })).toBe(1);
});

it('takes a biometric key away once, with one event', async () => {
  const phone = await fixture.enrol('finger');
  await fixture.knex('enrolments').where({ id: phone.enrolmentId }).update({ biometric_key: '{}' });
  await Promise.all(sixteen(() => attempts.revokeBiometricKey(phone.enrolmentId)));
  const name = 'PUSH_AUTH_VALIDATION_FINGER_PRINT_LIMIT_EXCEEDED';
  expect(await fixture.count('events', { user_id: 'finger', name })).toBe(1);
});
