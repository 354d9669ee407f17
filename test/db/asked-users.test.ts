import { askWithinLimits } from '../../api/ask-within-limits.ts';
import type { Transactions } from '../../api/transactions.ts';
import { createAskedUserStore } from '../../db/asked-users.ts';
import { createGeneralSettingsStore } from '../../db/general-settings.ts';
import { createRetentionStore } from '../../db/retention.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';
import { type AskingState, NEVER_ASKED } from '../../workflows/domain/push-fatigue.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';
import { anInput, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

const CALLER = { ip: '192.0.2.7', userAgent: 'a browser' };
const DAY_MS = 24 * 60 * 60_000;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture?.database.drop());

const store = () => createAskedUserStore(fixture.knex);
const stateOf = async (userId: string) => (await store().read(userId)).state;
const eventsOf = (userId: string) => fixture.knex('events').where({ user_id: userId }).orderBy('id').pluck('name');

async function keep(userId: string, state: Partial<AskingState>): Promise<void> {
  const { version } = await store().read(userId);
  expect(await store().replace(userId, version, { ...NEVER_ASKED, ...state })).toBe(true);
}

/** The real limiter over the real tables; what begins is opened as the worker does. */
function limiter(begin: (input: AuthenticateInput) => Promise<unknown> = open) {
  const transactions = { begin } as unknown as Transactions;
  return askWithinLimits({
    transactions,
    askedUsers: store(),
    generalSettings: createGeneralSettingsStore(fixture.knex),
  });
}

async function open(input: AuthenticateInput): Promise<object> {
  const createdAtMs = Date.now();
  await fixture.transactions.open(input, { createdAtMs, deadlineMs: createdAtMs + input.policy.timeToLiveMs });
  return { ok: true, method: 'push', requestSha256: input.requestSha256 };
}

async function settle(transactionId: string, outcome: FinalState): Promise<void> {
  await fixture.transactions.settle({ transactionId, outcome, event: { name: 'X' }, receipt: 'receipt' });
}

async function asked(phone: Enrolled, outcome?: FinalState): Promise<string> {
  const input = anInput(phone);
  await limiter().begin(input);
  if (outcome) await settle(input.transactionId, outcome);
  return input.transactionId;
}

const settledAtMs = 1;
const APPROVED: FinalState = { status: 'approved', settledAtMs, method: 'push' };
const DENIED: FinalState = { status: 'denied', settledAtMs, by: 'user' };
const NOT_ME: FinalState = { status: 'denied', settledAtMs, by: 'user', reason: 'not_me' };
const EXPIRED: FinalState = { status: 'expired', settledAtMs };

it('of sixteen begins for one user at once lets through as many as may wait, and refuses the others', async () => {
  const phone = await fixture.enrol('sixteen');
  const results = await Promise.allSettled(sixteen(() => limiter().begin(anInput(phone))));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'user_asked_too_often' });
  }
  expect(Object.keys((await stateOf('sixteen')).pending)).toHaveLength(5);
  expect(await fixture.count('transactions', { user_id: 'sixteen' })).toBe(5);
});

it('lets one of sixteen that read the same state change it', async () => {
  for (const version of ['0', '1']) {
    const pending = { a: 1 };
    const changed = await Promise.all(sixteen(() => store().replace('compared', version, { ...NEVER_ASKED, pending })));
    expect(changed.filter(Boolean)).toHaveLength(1);
  }
  expect(await store().replace('compared', '1', NEVER_ASKED)).toBe(false);
  expect(await store().replace('not-there', '7', NEVER_ASKED)).toBe(false);
});

it('counts what was denied and ignored, and an approval makes up for it', async () => {
  const phone = await fixture.enrol('counted');
  await asked(phone, DENIED);
  await asked(phone, EXPIRED);
  expect(await stateOf('counted')).toEqual({
    ...NEVER_ASKED,
    misses: 2,
    lastMissAtMs: expect.any(Number),
  });
  const cancelled = await asked(phone, { status: 'cancelled', settledAtMs, by: 'portal' });
  expect(await stateOf('counted')).toMatchObject({ misses: 2, pending: {} });
  await settle(cancelled, DENIED);
  expect(await stateOf('counted')).toMatchObject({ misses: 2 });
  await asked(phone, APPROVED);
  expect(await stateOf('counted')).toEqual(NEVER_ASKED);
});

it('counts one outcome of sixteen that come at once', async () => {
  const phone = await fixture.enrol('one-outcome');
  const id = await asked(phone);
  await Promise.all(sixteen(() => settle(id, DENIED)));
  expect(await stateOf('one-outcome')).toMatchObject({ misses: 1, pending: {} });
});

it('loses no miss of five that come at once', async () => {
  const phone = await fixture.enrol('many-outcomes');
  const ids = await Promise.all(Array.from({ length: 5 }, () => asked(phone)));
  await Promise.all(ids.map((id) => settle(id, EXPIRED)));
  expect(await stateOf('many-outcomes')).toMatchObject({ misses: 5, pending: {} });
});

it('makes the portal wait after the free misses, and tells for how long', async () => {
  const phone = await fixture.enrol('waits');
  for (let miss = 0; miss < 4; miss++) await asked(phone, EXPIRED);
  await expect(asked(phone)).rejects.toMatchObject({
    code: 'user_asked_too_often',
    retryAfterSeconds: expect.any(Number),
  });
  await keep('waits', { misses: 4, lastMissAtMs: Date.now() - 30_000 });
  await asked(phone);
});

it('blocks a user who says that it was not them, once, until unlocked', async () => {
  const phone = await fixture.enrol('not-me');
  const [first, second] = [await asked(phone), await asked(phone)];
  await settle(first, NOT_ME);
  await settle(second, NOT_ME);
  expect((await eventsOf('not-me')).filter((name) => name === 'PUSH_AUTH_USER_BLOCKED')).toHaveLength(1);
  await expect(asked(phone)).rejects.toMatchObject({ code: 'user_blocked' });

  const request = { userId: 'not-me', clientId: 'portal', agentUser: 'helen', caller: CALLER };
  expect((await Promise.all(sixteen(() => store().unlock(request)))).filter(Boolean)).toHaveLength(1);
  const [event, ...others] = await fixture.knex('events').where({ user_id: 'not-me', name: 'ADMIN_USER_UNLOCKED' });
  expect(event).toMatchObject({ client_id: 'portal', agent_user: 'helen', client_ip: '192.0.2.7' });
  expect(others).toEqual([]);
  expect(await stateOf('not-me')).toEqual(NEVER_ASKED);
  await asked(phone);
});

it('stays blocked when another push of that time is approved', async () => {
  const phone = await fixture.enrol('still-blocked');
  const [first, second] = [await asked(phone), await asked(phone)];
  await settle(first, NOT_ME);
  await settle(second, APPROVED);
  expect(await stateOf('still-blocked')).toMatchObject({ isBlocked: true, misses: 0 });
});

it('charges a begin that is repeated once', async () => {
  const phone = await fixture.enrol('repeated');
  const input = anInput(phone);
  await Promise.all(sixteen(() => limiter().begin(input)));
  expect(await stateOf('repeated')).toMatchObject({ pending: { [input.transactionId]: expect.any(Number) } });
});

it('gives a place back when nothing was begun, but not where the begin may go on', async () => {
  const phone = await fixture.enrol('given-back');
  const away = limiter(() => Promise.reject(new Error('away')));
  await expect(away.begin(anInput(phone, { handOffWithinMs: 5_500 }))).rejects.toThrow('away');
  expect(await stateOf('given-back')).toEqual(NEVER_ASKED);
  const keyed = anInput(phone, { handOffWithinMs: null });
  await expect(away.begin(keyed)).rejects.toThrow('away');
  expect(Object.keys((await stateOf('given-back')).pending)).toEqual([keyed.transactionId]);
});

it('is for pushes to a user alone', async () => {
  const phone = await fixture.enrol('no-push');
  const policy = anInput(phone).policy;
  const begun: string[] = [];
  const noting = limiter(async ({ policy: { method } }) => begun.push(method));
  await noting.begin(anInput(phone, { policy: { ...policy, method: 'sms' } }));
  await noting.begin(anInput(phone, { policy: { ...policy, method: 'otp' }, userId: null, enrolmentId: null }));
  await noting.begin(anInput(phone, { isUnannounced: true }));
  expect(begun).toEqual(['sms', 'otp', 'push']);
  expect(await fixture.count('asked_users', { user_id: 'no-push' })).toBe(0);
});

it('can be switched off, and so can the block', async () => {
  const phone = await fixture.enrol('switched-off');
  const settings = fixture.knex('general_settings');
  try {
    await settings.clone().update({ push_blocked_by_not_me: false });
    await asked(phone, NOT_ME);
    expect(await stateOf('switched-off')).toMatchObject({ isBlocked: false, misses: 1 });
    await settings.clone().update({ push_limits_enabled: false });
    for (let begin = 0; begin < 8; begin++) await asked(phone);
    expect(await stateOf('switched-off')).toMatchObject({ pending: {} });
  } finally {
    await settings.clone().update({ push_blocked_by_not_me: true, push_limits_enabled: true });
  }
});

it('is forgotten after two days without a question, unless blocked', async () => {
  const before = new Date(Date.now() - 2 * DAY_MS - 1_000);
  await keep('forgotten', { misses: 3, lastMissAtMs: Date.now() });
  await keep('kept-blocked', {});
  await fixture.knex('asked_users').where({ user_id: 'forgotten' }).update({ changed_at: before });
  const blocked = { changed_at: before, blocked_at: before };
  await fixture.knex('asked_users').where({ user_id: 'kept-blocked' }).update(blocked);
  await createRetentionStore(fixture.knex).forget('transactions', 1_000, 500);
  expect(await fixture.count('asked_users', { user_id: 'forgotten' })).toBe(0);
  expect(await fixture.count('asked_users', { user_id: 'kept-blocked' })).toBe(1);
});

it('keeps to its bounds in the database', async () => {
  const update = (change: object) => fixture.knex('general_settings').update(change);
  for (const change of [
    { push_max_pending: 0 },
    { push_free_misses: -1 },
    { push_first_wait_seconds: 0 },
    { push_longest_wait_seconds: 86_401 },
  ]) {
    await expect(update(change)).rejects.toThrow('check constraint');
  }
});
