import type { EnrolResult, PushEnrolmentMode } from '../../api/ports.ts';
import { createGeneralSettingsStore } from '../../db/general-settings.ts';
import { APPLICATION_ID, aPhone, createFixture, type Fixture, OTHER_APPLICATION_ID, sixteen } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

const enrolSixteen = async (userId: string, mode: PushEnrolmentMode): Promise<EnrolResult[]> => {
  const phones = await Promise.all(sixteen(async () => aPhone(await fixture.ticketFor(userId), { mode })));
  return Promise.all(phones.map((phone) => fixture.enrolments.enrol(phone)));
};
const activeOf = (userId: string) => fixture.count('enrolments', { user_id: userId, revoked_at: null });
const eventsOf = async (userId: string, name: string) => fixture.count('events', { user_id: userId, name });

it('in single-device mode enrols one of sixteen at once', async () => {
  const results = await enrolSixteen('single', 'single_device');
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.filter(({ ok }) => !ok)).toStrictEqual(
    Array(15).fill(expect.objectContaining({ ok: false, code: 'user_already_enrolled' })),
  );
  expect(await activeOf('single')).toBe(1);
});

it('in override mode enrols sixteen at once, each in place of the one before', async () => {
  const results = await enrolSixteen('override', 'override_allowed');
  expect(results.filter(({ ok }) => ok)).toHaveLength(16);
  expect(await fixture.count('enrolments', { user_id: 'override' })).toBe(16);
  expect(await activeOf('override')).toBe(1);
  expect(await eventsOf('override', 'PUSH_ENROLLMENT_DROP_EXISTING_PUSH_ENROLLMENT')).toBe(15);
  expect(await eventsOf('override', 'PUSH_ENROLLMENT_DROP_EXISTING_USER_CLIENT_KEYS')).toBe(15);
});

it('in multiple-devices mode enrols sixteen at once', async () => {
  const results = await enrolSixteen('multiple', 'multiple_devices');
  expect(results.filter(({ ok }) => ok)).toHaveLength(16);
  expect(await activeOf('multiple')).toBe(16);
  expect(await fixture.enrolments.listEnrolled('multiple')).toHaveLength(16);
});

it('an override erases the push token of the old phone, and names its running transactions', async () => {
  const old = await fixture.enrol('changed');
  const running = await fixture.open(old);
  const settled = await fixture.open(old);
  await fixture.knex('transactions').where({ id: settled }).update({ status: 'expired', outcome: '{}' });
  const phone = aPhone(await fixture.ticketFor('changed'), { mode: 'override_allowed' });
  const result = await fixture.enrolments.enrol(phone);
  expect(result).toMatchObject({ ok: true, endedTransactionIds: [running] });
  const [revoked] = await fixture.knex('enrolments').where({ id: old.enrolmentId });
  expect(revoked).toMatchObject({
    revoked_at: expect.any(Date),
    sealed_push_token: null,
    push_token_hmac: null,
  });
});

it('an override of a phone that had no push token tells of its keys only', async () => {
  await fixture.enrol('keys-only', { pushToken: undefined });
  await fixture.enrol('keys-only', { mode: 'override_allowed' });
  expect(await eventsOf('keys-only', 'PUSH_ENROLLMENT_DROP_EXISTING_PUSH_ENROLLMENT')).toBe(0);
  expect(await eventsOf('keys-only', 'PUSH_ENROLLMENT_DROP_EXISTING_USER_CLIENT_KEYS')).toBe(1);
});

it('a phone enrols again over itself with its own push token', async () => {
  const first = aPhone(await fixture.ticketFor('again'));
  await fixture.enrolments.enrol(first);
  const { deviceId, pushToken } = first;
  await fixture.enrol('again', { deviceId, pushToken, mode: 'override_allowed' });
  expect(await activeOf('again')).toBe(1);
});

it('an override that is refused for its push token leaves the old phone enrolled', async () => {
  await fixture.enrol('somebody', { pushToken: 'their token' });
  const kept = await fixture.enrol('unlucky');
  const phone = aPhone(await fixture.ticketFor('unlucky'), { pushToken: 'their token', mode: 'override_allowed' });
  expect(await fixture.enrolments.enrol(phone)).toMatchObject({ ok: false, code: 'device_already_enrolled' });
  expect(await fixture.enrolments.findSigningKey(kept.enrolmentId)).toBeDefined();
});

it('devices of a user for another application are never in the way', async () => {
  for (const mode of ['single_device', 'override_allowed'] as const) {
    await fixture.enrol(`two-apps-${mode}`);
    const ticket = await fixture.ticketFor(`two-apps-${mode}`, OTHER_APPLICATION_ID);
    expect(await fixture.enrolments.enrol(aPhone(ticket, { mode }))).toMatchObject({
      ok: true,
      endedTransactionIds: [],
    });
    expect(await fixture.count('enrolments', { user_id: `two-apps-${mode}`, application_id: APPLICATION_ID })).toBe(1);
  }
});

it('turned down from several devices leaves those there are, and judges the next one', async () => {
  for (let phone = 0; phone < 3; phone++) await fixture.enrol('turned-down', { mode: 'multiple_devices' });
  const refused = aPhone(await fixture.ticketFor('turned-down'), { mode: 'single_device' });
  expect(await fixture.enrolments.enrol(refused)).toMatchObject({ ok: false, code: 'user_already_enrolled' });
  expect(await activeOf('turned-down')).toBe(3);
  await fixture.enrol('turned-down', { mode: 'override_allowed' });
  expect(await activeOf('turned-down')).toBe(1);
});

describe('the general settings', () => {
  it('allow enrolment of a single device to begin with', async () => {
    expect(await createGeneralSettingsStore(fixture.knex).read()).toStrictEqual({
      enrolmentEnabled: true,
      uniquePgpKeysEnabled: false,
      pushEnrolmentEnabled: true,
      pushEnrolmentMode: 'single_device',
      onlyPreconfiguredCallbacks: false,
      smsAuthenticationEnabled: false,
      askingLimits: {
        maxPending: 5,
        freeMisses: 3,
        firstWaitMs: 30_000,
        longestWaitMs: 3_600_000,
        blocksOnNotMe: true,
      },
    });
  });

  it('have one row, and only modes that there are', async () => {
    await expect(fixture.knex('general_settings').insert({})).rejects.toThrow('general_settings_pkey');
    await expect(fixture.knex('general_settings').insert({ id: false })).rejects.toThrow('check constraint');
    await expect(fixture.knex('general_settings').update({ push_enrolment_mode: 'none' })).rejects.toThrow(
      'check constraint',
    );
  });
});
