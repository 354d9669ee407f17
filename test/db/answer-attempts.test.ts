import { randomUUID } from 'node:crypto';
import { createAttemptStore } from '../../db/answer-attempts.ts';
import { APPLICATION_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture?.database.drop());

const store = () => createAttemptStore(fixture.knex);
const allow = (attempts: number) =>
  fixture.knex('applications').where({ id: APPLICATION_ID }).update({ pin_max_attempts: attempts });
const failuresOf = ({ enrolmentId }: Enrolled) =>
  fixture.knex('enrolments').where({ id: enrolmentId }).pluck('pin_failures');

/** An answer like no other. */
async function anAnswer(phone: Enrolled) {
  const transactionId = await fixture.open(phone);
  return { answerSha256: randomUUID(), transactionId, enrolmentId: phone.enrolmentId };
}

it.each([
  ['as many PINs as the application allows', 3, [2, 1, 0]],
  ['ten PINs where it has no limit of its own', 0, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
])('charges %s, of sixteen answers at once', async (_what, limit, left) => {
  await allow(limit);
  const phone = await fixture.enrol(`pins-${limit}`);
  const answers = await Promise.all(sixteen(() => anAnswer(phone)));
  const charged = await Promise.all(answers.map((answer) => store().chargePin(answer)));
  const counted = charged.filter((one) => one !== 'none_left');
  expect(counted.sort((a, b) => b - a)).toEqual(left);
  expect(await failuresOf(phone)).toEqual([left.length]);
});

it('charges three numbers of one transaction, of sixteen at once', async () => {
  const answer = await anAnswer(await fixture.enrol('numbers'));
  const charged = await Promise.all(
    sixteen((index) => store().chargeNumber({ ...answer, answerSha256: `number-${index}` })),
  );
  expect(charged.filter((one) => one !== 'none_left').sort()).toEqual([0, 1, 2]);
});

it.each(['chargePin', 'chargeNumber'] as const)(
  '%s: charges the same answer once, and tells all sixteen alike',
  async (charge) => {
    await allow(3);
    const answer = await anAnswer(await fixture.enrol(`same-${charge}`));
    expect(await Promise.all(sixteen(() => store()[charge](answer)))).toEqual(Array(16).fill(2));
    expect(await store()[charge]({ ...answer, answerSha256: `${charge} again` })).toBe(1);
  },
);

it('charges nothing to an enrolment that has ended', async () => {
  const phone = await fixture.enrol('ended');
  const answer = await anAnswer(phone);
  await fixture.revoke(phone.enrolmentId);
  expect(await store().chargePin(answer)).toBe('none_left');
  expect(await failuresOf(phone)).toEqual([0]);
});

it('ends the enrolment after the last wrong PIN once, with one event, and erases its push token', async () => {
  const phone = await fixture.enrol('guessed', { pushToken: 'token of a guessed phone' });
  await Promise.all(sixteen(() => store().revokeForPins(phone.enrolmentId)));
  const [row] = await fixture.knex('enrolments').where({ id: phone.enrolmentId });
  expect(row).toMatchObject({ sealed_push_token: null, push_token_hmac: null, revoked_at: expect.any(Date) });
  const name = 'PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED';
  expect(await fixture.count('events', { user_id: 'guessed', name })).toBe(1);
});

it('takes a biometric key away once, with one event', async () => {
  const phone = await fixture.enrol('finger');
  await fixture.knex('enrolments').where({ id: phone.enrolmentId }).update({ biometric_key: '{}' });
  await Promise.all(sixteen(() => store().revokeBiometricKey(phone.enrolmentId)));
  const name = 'PUSH_AUTH_VALIDATION_FINGER_PRINT_LIMIT_EXCEEDED';
  expect(await fixture.count('events', { user_id: 'finger', name })).toBe(1);
});

it('forgives wrong PINs after a right one', async () => {
  await allow(3);
  const phone = await fixture.enrol('forgiven');
  await store().chargePin(await anAnswer(phone));
  await store().forgivePins(phone.enrolmentId);
  expect(await failuresOf(phone)).toEqual([0]);
  expect(await store().chargePin(await anAnswer(phone))).toBe(2);
});
