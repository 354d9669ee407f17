import { v7 as uuidv7 } from 'uuid';
import { createApiTransactionStore } from '../../db/portal-and-device-transactions.ts';
import { anInput, CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let phone: Enrolled;
let api: ReturnType<typeof createApiTransactionStore>;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice', { deviceName: 'Alice’s phone' });
  api = createApiTransactionStore(fixture.knex, fixture.keyring);
});

afterAll(() => fixture.database.drop());

const settle = (transactionId: string) =>
  fixture.transactions.settle({
    outcome: { status: 'approved', settledAtMs: Date.now(), method: 'push' },
    event: { name: 'MOBILE_AUTH_AUTHENTICATED' },
    transactionId,
    receipt: 'receipt',
  });

describe('opening', () => {
  it('writes one transaction and one event, however often and however much at once', async () => {
    const input = anInput(phone);
    const times = { createdAtMs: 1_800_000_000_123, deadlineMs: 1_800_000_060_123 };
    await Promise.all(sixteen(() => fixture.transactions.open(input, times)));
    await fixture.transactions.open({ ...input, message: 'Another text' }, { createdAtMs: 1, deadlineMs: 2 });
    expect(await fixture.count('transactions', { id: input.transactionId })).toBe(1);
    expect(await fixture.eventsOf(input.transactionId)).toStrictEqual(['PUSH_AUTH_INITIALIZED']);
    expect(await api.findForEnrolment(input.transactionId, phone.enrolmentId)).toMatchObject({
      message: 'Log in?',
      ...{ createdAtMs: times.createdAtMs, expiresAtMs: times.deadlineMs },
    });
  });

  it('does not open a settled transaction again', async () => {
    const input = anInput(phone);
    const times = { createdAtMs: Date.now(), deadlineMs: Date.now() + 60_000 };
    await fixture.transactions.open(input, times);
    await settle(input.transactionId);
    await fixture.transactions.open(input, times);
    expect(await fixture.count('transactions', { id: input.transactionId, status: 'approved' })).toBe(1);
  });
});

describe('what the portal sees', () => {
  it('is its own transaction, from begin to end', async () => {
    const createdAtMs = 1_800_000_000_000;
    const transactionId = await fixture.open(phone, {}, { createdAtMs, deadlineMs: createdAtMs + 90_000 });
    expect(await api.findForClient(transactionId, CLIENT_ID)).toStrictEqual({
      transactionId,
      isBySms: false,
      approvedByAttempt: null,
      userId: 'alice',
      callbackUri: 'https://portal.example/callback',
      createdAtMs,
      timeToLiveMs: 90_000,
      policyVersion: 3,
      method: 'push',
      requestSha256: 'request-sha256',
      outcome: null,
      isHandedOver: false,
      attempts: 0,
      deviceName: 'Alice’s phone',
      platform: 'android',
    });
    await settle(transactionId);
    expect(await api.findForClient(transactionId, CLIENT_ID)).toMatchObject({ outcome: { status: 'approved' } });
  });

  it('is nothing of another client, and nothing of what there is not', async () => {
    const transactionId = await fixture.open(phone);
    expect(await api.findForClient(transactionId, 'another')).toBeUndefined();
    expect(await api.findForClient(uuidv7(), CLIENT_ID)).toBeUndefined();
  });
});

describe('what the phone sees', () => {
  it('is what waits for it, the newest first', async () => {
    const bob = await fixture.enrol('bob');
    const nowMs = Date.now();
    const at = (agoMs: number) => ({ createdAtMs: nowMs - agoMs, deadlineMs: nowMs + 60_000 });
    const older = await fixture.open(bob, { message: 'older', secureMessage: 'secret' }, at(2_000));
    const newer = await fixture.open(bob, { message: 'newer' }, at(1_000));
    const settled = await fixture.open(bob);
    await settle(settled);
    await fixture.open(bob, {}, { createdAtMs: nowMs - 60_000, deadlineMs: nowMs - 1 });
    await fixture.open(phone);
    expect(await api.listPending(bob.enrolmentId)).toMatchObject([
      { transactionId: newer, message: 'newer', secureMessage: null, outcome: null },
      { transactionId: older, message: 'older', secureMessage: 'secret' },
    ]);
  });

  it('is fifty transactions at most', async () => {
    const busy = await fixture.enrol('busy');
    const transactions = Array.from({ length: 51 }, (_, index) => index);
    for (const index of transactions) {
      await fixture.open(
        busy,
        { message: `${index}` },
        { createdAtMs: Date.now() - 60_000 + index, deadlineMs: Date.now() + 60_000 },
      );
    }
    const shown = await api.listPending(busy.enrolmentId);
    expect(shown.map(({ message }) => message)).toStrictEqual(transactions.slice(1).reverse().map(String));
  });

  it('is nothing of another phone', async () => {
    const carol = await fixture.enrol('carol');
    const transactionId = await fixture.open(phone);
    expect(await api.findForEnrolment(transactionId, carol.enrolmentId)).toBeUndefined();
    expect(await api.listPending(carol.enrolmentId)).toStrictEqual([]);
    expect(await api.claimFetch(transactionId, carol.enrolmentId, 'request')).toBe(false);
    expect(await api.claimFetch(transactionId, phone.enrolmentId, 'request')).toBe(true);
  });
});

describe('fetching', () => {
  it('is granted to one of sixteen requests at once, and to that one again', async () => {
    const transactionId = await fixture.open(phone);
    const requestIds = sixteen((index) => `request ${index}`);
    const results = await Promise.all(requestIds.map((id) => api.claimFetch(transactionId, phone.enrolmentId, id)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([
      'PUSH_AUTH_INITIALIZED',
      'MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED',
    ]);
    const again = await Promise.all(requestIds.map((id) => api.claimFetch(transactionId, phone.enrolmentId, id)));
    expect(again).toStrictEqual(results);
  });

  it('is granted to the same request sixteen times at once', async () => {
    const transactionId = await fixture.open(phone);
    const results = await Promise.all(sixteen(() => api.claimFetch(transactionId, phone.enrolmentId, 'request')));
    expect(results).toStrictEqual(Array(16).fill(true));
  });

  it('keeps when it was fetched first', async () => {
    const transactionId = await fixture.open(phone);
    await api.claimFetch(transactionId, phone.enrolmentId, 'request');
    const [first] = await fixture.knex('transactions').where({ id: transactionId }).select('fetched_at', 'fetched_by');
    await api.claimFetch(transactionId, phone.enrolmentId, 'request');
    const [second] = await fixture.knex('transactions').where({ id: transactionId }).select('fetched_at', 'fetched_by');
    expect(first.fetched_by).toBe('request');
    expect(second).toStrictEqual(first);
  });

  it.each([
    ['settled', async (id: string) => void (await settle(id)), {}],
    ['expired', async () => {}, { createdAtMs: 1_000, deadlineMs: 2_000 }],
  ])('is not granted for a transaction that is %s', async (_name, end, times) => {
    const transactionId = await fixture.open(phone, {}, times);
    await end(transactionId);
    expect(await api.claimFetch(transactionId, phone.enrolmentId, 'request')).toBe(false);
    expect(await fixture.eventsOf(transactionId)).not.toContain('MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED');
  });
});
