import { randomBytes } from 'node:crypto';
import type { PushTokenChange } from '../../api/ports.ts';
import { createPushTokenStore } from '../../db/push-tokens.ts';
import { unseal } from '../../runtime/sealing.ts';
import { APPLICATION_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let pushTokens: ReturnType<typeof createPushTokenStore>;

beforeAll(async () => {
  fixture = await createFixture();
  pushTokens = createPushTokenStore(fixture.knex, fixture.keyring);
});
afterAll(() => fixture.database.drop());

const aToken = () => `push-token-${randomBytes(8).toString('hex')}`;
const change = (phone: Enrolled, fields: Partial<PushTokenChange> = {}): PushTokenChange => ({
  enrolmentId: phone.enrolmentId,
  userId: phone.userId,
  applicationId: APPLICATION_ID,
  pushToken: aToken(),
  oldPushToken: undefined,
  mode: 'single_device',
  ...fields,
});
const tokenOf = async ({ enrolmentId }: Enrolled): Promise<string | null> => {
  const [row] = await fixture.knex('enrolments').where({ id: enrolmentId });
  const sealed = row.sealed_push_token;
  return sealed === null ? null : unseal(fixture.keyring, 'enrolments.sealed_push_token', enrolmentId, sealed);
};
const done = { ok: true, endedTransactionIds: [] };

it('comes after the keys, and is changed by whoever knows the old one', async () => {
  const phone = await fixture.enrol('in-two-steps', { pushToken: undefined });
  expect(await fixture.enrolments.listEnrolled('in-two-steps')).toMatchObject([{ hasPushToken: false }]);
  expect(await pushTokens.set(change(phone, { pushToken: 'first' }))).toStrictEqual(done);
  expect(await fixture.enrolments.listEnrolled('in-two-steps')).toMatchObject([{ hasPushToken: true }]);
  expect(await pushTokens.set(change(phone, { pushToken: 'second', oldPushToken: 'first' }))).toStrictEqual(done);
  expect(await tokenOf(phone)).toBe('second');
  const events = await fixture.knex('events').where({ user_id: 'in-two-steps' }).orderBy('id');
  expect(events.map(({ name }) => name)).toStrictEqual([
    'ENROLLMENT_INITIALIZED',
    'KEY_ENROLLMENT_SUCCESS',
    'PUSH_ENROLLMENT_SUCCESS',
    'PUSH_ENROLLMENT_UPDATE_SUCCESS',
  ]);
});

it('is not changed without the old one, and is not put where there was none by a phone that shows one', async () => {
  const phone = await fixture.enrol('proven', { pushToken: 'right' });
  const bare = await fixture.enrol('bare', { pushToken: undefined });
  const mismatch = { ok: false, code: 'push_token_mismatch' };
  expect(await pushTokens.set(change(phone))).toStrictEqual(mismatch);
  expect(await pushTokens.set(change(phone, { oldPushToken: 'wrong' }))).toStrictEqual(mismatch);
  expect(await pushTokens.set(change(bare, { oldPushToken: 'right' }))).toStrictEqual(mismatch);
  expect([await tokenOf(phone), await tokenOf(bare)]).toStrictEqual(['right', null]);
});

it('may be brought again when the reply was lost', async () => {
  const phone = await fixture.enrol('lost-reply', { pushToken: undefined });
  const first = change(phone);
  const second = change(phone, { oldPushToken: first.pushToken });
  for (const request of [first, first, second, second]) expect(await pushTokens.set(request)).toStrictEqual(done);
  expect(await tokenOf(phone)).toBe(second.pushToken);
  expect(await fixture.count('events', { user_id: 'lost-reply' })).toBe(4);
});

it('is taken from one of sixteen that show the same old one at once', async () => {
  const phone = await fixture.enrol('sixteen-changes', { pushToken: 'the old one' });
  const results = await Promise.all(sixteen(() => pushTokens.set(change(phone, { oldPushToken: 'the old one' }))));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.filter(({ ok }) => !ok)).toStrictEqual(Array(15).fill({ ok: false, code: 'push_token_mismatch' }));
});

it('of another enrolment is refused', async () => {
  await fixture.enrol('owner', { pushToken: 'owned' });
  const phone = await fixture.enrol('taker');
  const before = await tokenOf(phone);
  const result = await pushTokens.set(change(phone, { pushToken: 'owned', oldPushToken: before as string }));
  expect(result).toStrictEqual({ ok: false, code: 'device_already_enrolled' });
  expect(await tokenOf(phone)).toBe(before);
});

it('of a revoked enrolment can not be set', async () => {
  const phone = await fixture.enrol('gone', { pushToken: undefined });
  await fixture.revoke(phone.enrolmentId);
  expect(await pushTokens.set(change(phone))).toStrictEqual({ ok: false, code: 'push_token_mismatch' });
});

describe('the first one of an enrolment', () => {
  const sixteenPhones = async (userId: string): Promise<Enrolled[]> =>
    Promise.all(sixteen(() => fixture.enrol(userId, { pushToken: undefined, mode: 'multiple_devices' })));

  it('is taken from one of sixteen devices at once where the mode allows one', async () => {
    const phones = await sixteenPhones('one-push');
    const results = await Promise.all(phones.map((phone) => pushTokens.set(change(phone))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await fixture.enrolments.listEnrolled('one-push')).toMatchObject([
      { hasPushToken: true },
      ...Array(15).fill({ hasPushToken: false }),
    ]);
    expect(await fixture.count('enrolments', { user_id: 'one-push', revoked_at: null })).toBe(16);
  });

  it('replaces the devices that had one where the mode says so', async () => {
    const [first, second] = (await sixteenPhones('next-push')) as [Enrolled, Enrolled];
    await pushTokens.set(change(first));
    const running = await fixture.open(first);
    const result = await pushTokens.set(change(second, { mode: 'override_allowed' }));
    expect(result).toStrictEqual({ ok: true, endedTransactionIds: [running] });
    expect(await fixture.enrolments.findSigningKey(first.enrolmentId)).toBeUndefined();
    expect(
      (await fixture.enrolments.listEnrolled('next-push')).filter(({ hasPushToken }) => hasPushToken),
    ).toMatchObject([{ enrolmentId: second.enrolmentId }]);
  });

  it('is taken from each of sixteen where the mode allows several', async () => {
    const phones = await sixteenPhones('many-pushes');
    await Promise.all(phones.map((phone) => pushTokens.set(change(phone, { mode: 'multiple_devices' }))));
    expect(await fixture.enrolments.listEnrolled('many-pushes')).toMatchObject(Array(16).fill({ hasPushToken: true }));
  });
});

it('is erased on demand, and the enrolment stays', async () => {
  const phone = await fixture.enrol('quiet');
  await pushTokens.erase(phone.enrolmentId);
  await pushTokens.erase(phone.enrolmentId);
  expect(await tokenOf(phone)).toBeNull();
  expect(await fixture.enrolments.findSigningKey(phone.enrolmentId)).toBeDefined();
  expect(await fixture.count('events', { user_id: 'quiet', name: 'PUSH_ENROLLMENT_ENDED' })).toBe(1);
});
