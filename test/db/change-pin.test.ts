import { randomUUID } from 'node:crypto';
import type { PinChangeAttempt } from '../../api/ports.ts';
import { createPinKeyStore } from '../../db/pin-keys.ts';
import { createFixture, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let pinKeys: ReturnType<typeof createPinKeyStore>;

beforeAll(async () => {
  fixture = await createFixture();
  pinKeys = createPinKeyStore(fixture.knex);
});
afterAll(() => fixture.database.drop());

const enrolWithPin = async (userId: string) => {
  const phone = await fixture.enrol(userId);
  await pinKeys.setFirst(phone.enrolmentId, 'old');
  return phone;
};
/** A change made against `against` by whoever knows, or does not know, the PIN. */
const aChange = (enrolmentId: string, isRight: boolean, against = 'old'): PinChangeAttempt => {
  const changeId = randomUUID();
  return {
    ...{ enrolmentId, changeId, changeSha256: changeId, publicKey: `new ${changeId}` },
    isAgainst: (pinPublicKey) => pinPublicKey === against,
    proves: () => isRight,
  };
};
const enrolmentOf = async ({ enrolmentId }: { enrolmentId: string }) =>
  (await fixture.knex('enrolments').where({ id: enrolmentId }))[0];

it('is made by one of sixteen at once by the right PIN; the others find another key and are not charged', async () => {
  const phone = await enrolWithPin('changer');
  const attempts = sixteen(() => aChange(phone.enrolmentId, true));
  const results = await Promise.all(attempts.map((attempt) => pinKeys.change(attempt)));
  expect(results.map(({ kind }) => kind).sort()).toEqual(['changed', ...Array(15).fill('pin_challenge_stale')]);
  const winner = attempts[results.findIndex(({ kind }) => kind === 'changed')];
  expect(await pinKeys.findPinKey(phone.enrolmentId)).toEqual({
    publicKey: winner?.publicKey,
    lastChangeId: winner?.changeId,
  });
  expect(await enrolmentOf(phone)).toMatchObject({ pin_failures: 0, revoked_at: null });
  expect(await fixture.count('events', { user_id: 'changer', name: 'ENROLLMENT_PIN_CHANGED' })).toBe(1);
  expect(await fixture.count('answer_attempts', { enrolment_id: phone.enrolmentId })).toBe(1);
});

it('of sixteen wrong ones at once judges three, and ends the enrolment with what it was asked', async () => {
  const phone = await enrolWithPin('guesser');
  const running = await fixture.open(phone);
  const attempts = sixteen(() => aChange(phone.enrolmentId, false));
  const results = await Promise.all(attempts.map((attempt) => pinKeys.change(attempt)));
  expect(results).toEqual(
    expect.arrayContaining([
      { kind: 'pin_wrong', attemptsLeft: 2 },
      { kind: 'pin_wrong', attemptsLeft: 1 },
      { kind: 'failed', endedTransactionIds: [running] },
    ]),
  );
  expect(results.filter(({ kind }) => kind === 'enrolment_unknown')).toHaveLength(13);
  expect(await enrolmentOf(phone)).toMatchObject({ pin_failures: 3, pin_public_key: 'old' });
  expect(await fixture.count('events', { user_id: 'guesser', name: 'PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED' })).toBe(
    1,
  );
});

it('charges the same change once, and tells of one that came through again', async () => {
  const phone = await enrolWithPin('repeater');
  const wrong = aChange(phone.enrolmentId, false);
  for (let time = 0; time < 4; time += 1) {
    expect(await pinKeys.change(wrong)).toEqual({ kind: 'pin_wrong', attemptsLeft: 2 });
  }
  const right = aChange(phone.enrolmentId, true);
  for (let time = 0; time < 4; time += 1) expect(await pinKeys.change(right)).toEqual({ kind: 'changed' });
  expect(await enrolmentOf(phone)).toMatchObject({ pin_failures: 0 });
});

it('takes no proof, however right, where there is no attempt left to charge', async () => {
  const phone = await enrolWithPin('exhausted');
  await fixture.knex('enrolments').where({ id: phone.enrolmentId }).update({ pin_failures: 3 });
  expect(await pinKeys.change(aChange(phone.enrolmentId, true))).toMatchObject({ kind: 'failed' });
});

it('needs a PIN that is set and an enrolment that is active', async () => {
  const phone = await fixture.enrol('pinless');
  expect(await pinKeys.change(aChange(phone.enrolmentId, true))).toEqual({ kind: 'pin_not_set' });
  expect(await pinKeys.findPinKey(phone.enrolmentId)).toBeUndefined();
  await fixture.revoke(phone.enrolmentId);
  expect(await pinKeys.change(aChange(phone.enrolmentId, true))).toEqual({ kind: 'enrolment_unknown' });
});
