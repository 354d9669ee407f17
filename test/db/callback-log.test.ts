import { randomUUID } from 'node:crypto';
import type { CallbackRecord } from '../../activities/ports.ts';
import { createCallbackLog } from '../../db/callback-log.ts';
import { createCallbackQuarantine } from '../../db/callback-quarantine.ts';
import { CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

const INITIALIZED = 'PUSH_AUTH_INITIALIZED';
const SENT = 'PUSH_AUTH_CALLBACK_SENT';
const FAILED = 'PUSH_AUTH_CALLBACK_FAILED';
const REDELIVERY = 'CALLBACK_REDELIVERY_REQUESTED';
const QUARANTINED = 'CALLBACK_ADDRESS_QUARANTINED';
const RELEASED = 'CALLBACK_ADDRESS_RELEASED';

let fixture: Fixture;
let phone: Enrolled;
let log: ReturnType<typeof createCallbackLog>;
let quarantine: ReturnType<typeof createCallbackQuarantine>;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
  log = createCallbackLog(fixture.knex);
  quarantine = createCallbackQuarantine(fixture.knex);
});
afterAll(() => fixture.database.drop());

/** An address that no other test knows. */
const anAddress = () => `https://portal.example/${randomUUID()}`;

type Fields = Partial<Omit<CallbackRecord, 'transactionId' | 'ok'>>;

const succeed = (transactionId: string, fields: Fields = {}) =>
  log.record({
    ...{ transactionId, address: anAddress(), delivery: 0, number: 1, durationMs: 7 },
    ...fields,
    ok: true,
    httpStatus: 204,
  });

const fail = (transactionId: string, fields: Fields & { failure?: string } = {}) =>
  log.record({
    ...{ transactionId, address: anAddress(), delivery: 0, number: 1, durationMs: 12, failure: 'refused' },
    ...fields,
    ok: false,
  });

const healthOf = (address: string) => fixture.knex('callback_address_health').where({ address });

describe('the log of callbacks', () => {
  it('has every attempt with its event', async () => {
    const transactionId = await fixture.open(phone);
    await fail(transactionId, { failure: 'timeout', number: 0, durationMs: 1_000 });
    await fail(transactionId, { httpStatus: 503 });
    await succeed(transactionId, { number: 2 });
    await succeed(transactionId, { delivery: 1 });
    const attempts = await fixture
      .knex('callback_attempts')
      .where({ transaction_id: transactionId })
      .orderBy('attempted_at');
    expect(attempts).toMatchObject([
      { delivery: 0, number: 0, failure: 'timeout', http_status: null, duration_ms: 1_000 },
      { delivery: 0, number: 1, failure: 'refused', http_status: 503, duration_ms: 12 },
      { delivery: 0, number: 2, failure: null, http_status: 204, duration_ms: 7 },
      { delivery: 1, number: 1, failure: null, http_status: 204, duration_ms: 7 },
    ]);
    const events = await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id').offset(1);
    expect(events).toMatchObject([
      { name: FAILED, details: { attempt: 0, failure: 'timeout' }, client_id: CLIENT_ID, user_id: 'alice' },
      { name: FAILED, details: { attempt: 1, failure: 'refused' } },
      { name: SENT, details: { attempt: 2 } },
      { name: SENT, details: { attempt: 1, delivery: 1 } },
    ]);
  });

  it('knows where the callback and each redelivery stand', async () => {
    const [transactionId, another] = await Promise.all([fixture.open(phone), fixture.open(phone)]);
    const standing = (isDelivered: boolean, lastNumber: number) => ({ isDelivered, lastNumber });
    expect(await log.standingOf(transactionId, 0)).toStrictEqual(standing(false, 0));
    await fail(transactionId, { number: 0 });
    await fail(transactionId, { number: 1 });
    await fail(transactionId, { number: 2 });
    await fail(transactionId, { delivery: 1, number: 1 });
    expect(await log.standingOf(transactionId, 0)).toStrictEqual(standing(false, 2));
    expect(await log.standingOf(transactionId, 1)).toStrictEqual(standing(false, 1));
    await succeed(transactionId, { delivery: 2, number: 1 });
    expect(await log.standingOf(transactionId, 0)).toStrictEqual(standing(true, 2));
    expect(await log.standingOf(transactionId, 1)).toStrictEqual(standing(false, 1));
    expect(await log.standingOf(transactionId, 2)).toStrictEqual(standing(true, 1));
    expect(await log.standingOf(transactionId, 3)).toStrictEqual(standing(false, 0));
    expect(await log.standingOf(another, 0)).toStrictEqual(standing(false, 0));
  });
});

describe('a redelivery', () => {
  it('is one of sixteen requests that come at once under its number, and is told once', async () => {
    const transactionId = await fixture.open(phone);
    const opened = await Promise.all(sixteen(() => log.openRedelivery(transactionId, 1, randomUUID())));
    expect(opened.filter((isOurs) => isOurs)).toHaveLength(1);
    expect(await fixture.count('callback_redeliveries', { transaction_id: transactionId })).toBe(1);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, REDELIVERY]);
  });

  it('is opened as often as its own request comes, sixteen times at once too, and is told once', async () => {
    const transactionId = await fixture.open(phone);
    const requestId = randomUUID();
    const opened = await Promise.all(sixteen(() => log.openRedelivery(transactionId, 1, requestId)));
    expect(opened).toStrictEqual(Array(16).fill(true));
    expect(await log.openRedelivery(transactionId, 1, requestId)).toBe(true);
    expect(await log.openRedelivery(transactionId, 1, randomUUID())).toBe(false);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, REDELIVERY]);
  });

  it('is the twentieth at most', async () => {
    const transactionId = await fixture.open(phone);
    expect(await log.openRedelivery(transactionId, 20, randomUUID())).toBe(true);
    expect(await log.openRedelivery(transactionId, 21, randomUUID())).toBe(false);
    expect(await fixture.count('callback_redeliveries', { transaction_id: transactionId })).toBe(1);
  });
});

describe('the health of an address', () => {
  it('is not written down while it takes its callbacks', async () => {
    const address = anAddress();
    await succeed(await fixture.open(phone), { address });
    expect(await healthOf(address)).toStrictEqual([]);
    expect(await quarantine.find(address)).toBeUndefined();
  });

  it('counts sixteen failures at once as sixteen, of different transactions', async () => {
    const address = anAddress();
    const transactionIds = await Promise.all(sixteen(() => fixture.open(phone)));
    const counts = await Promise.all(transactionIds.map((transactionId) => fail(transactionId, { address })));
    expect(counts.map((count) => count?.consecutive).sort((a, b) => Number(a) - Number(b))).toStrictEqual(
      sixteen((index) => index + 1),
    );
    expect(new Set(counts.map((count) => count?.sinceMs)).size).toBe(1);
    expect(counts.every((count) => count?.isQuarantined === false && count.nowMs >= count.sinceMs)).toBe(true);
    expect(await healthOf(address)).toMatchObject([{ consecutive_failures: 16, last_failure: 'refused' }]);
  });

  it('is forgotten with the first success', async () => {
    const address = anAddress();
    const transactionId = await fixture.open(phone);
    await fail(transactionId, { address });
    await succeed(transactionId, { address });
    expect(await healthOf(address)).toStrictEqual([]);
    expect((await fail(transactionId, { address }))?.consecutive).toBe(1);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, FAILED, SENT, FAILED]);
  });

  it('does not touch other addresses', async () => {
    const [one, other] = [anAddress(), anAddress()];
    const transactionId = await fixture.open(phone);
    await fail(transactionId, { address: one });
    await fail(transactionId, { address: other });
    await quarantine.begin(one, transactionId, 60_000);
    await succeed(transactionId, { address: other });
    expect(await healthOf(one)).toMatchObject([{ consecutive_failures: 1 }]);
    expect(await quarantine.isQuarantined(one)).toBe(true);
    expect(await quarantine.isQuarantined(other)).toBe(false);
  });

  it('is forgotten after four days in which nobody called', async () => {
    const [old, young] = [anAddress(), anAddress()];
    const transactionId = await fixture.open(phone);
    await fail(transactionId, { address: old });
    await healthOf(old).update({ last_failed_at: fixture.knex.raw("now() - interval '97 hours'") });
    await fail(transactionId, { address: young });
    expect(await healthOf(old)).toStrictEqual([]);
    expect(await healthOf(young)).toHaveLength(1);
  });
});

describe('quarantine', () => {
  async function quarantined(): Promise<{ address: string; transactionId: string }> {
    const [address, transactionId] = [anAddress(), await fixture.open(phone)];
    await fail(transactionId, { address });
    await quarantine.begin(address, transactionId, 60_000);
    return { address, transactionId };
  }

  it('begins once, with one event, when sixteen workers see its reason at once', async () => {
    const [address, transactionId] = [anAddress(), await fixture.open(phone)];
    await fail(transactionId, { address, failure: 'timeout' });
    await Promise.all(sixteen(() => quarantine.begin(address, transactionId, 60_000)));
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, FAILED, QUARANTINED]);
    const [event] = await fixture.knex('events').where({ transaction_id: transactionId, name: QUARANTINED });
    expect(event).toMatchObject({ client_id: CLIENT_ID, user_id: null, details: { failures: 1, failure: 'timeout' } });
    expect(await quarantine.find(address)).toStrictEqual({ trials: 0, waitMs: expect.any(Number) });
    expect((await fail(transactionId, { address }))?.isQuarantined).toBe(true);
  });

  it('does not begin for an address that has taken a callback meanwhile', async () => {
    const address = anAddress();
    await quarantine.begin(address, await fixture.open(phone), 60_000);
    expect(await quarantine.isQuarantined(address)).toBe(false);
  });

  it('lets nobody try before its time', async () => {
    const { address } = await quarantined();
    const standing = await quarantine.find(address);
    expect(standing?.waitMs).toBeGreaterThan(0);
    expect(standing?.waitMs).toBeLessThanOrEqual(60_000);
    expect(await quarantine.claimTrial(address, 0, 120_000)).toBe(false);
  });

  it('lets one of sixteen try when its time has come, and puts the next trial off', async () => {
    const { address } = await quarantined();
    await healthOf(address).update({ next_trial_at: fixture.knex.fn.now() });
    expect((await quarantine.find(address))?.waitMs).toBeLessThanOrEqual(0);
    const claimed = await Promise.all(sixteen(() => quarantine.claimTrial(address, 0, 120_000)));
    expect(claimed.filter((isOurs) => isOurs)).toHaveLength(1);
    const standing = await quarantine.find(address);
    expect(standing?.trials).toBe(1);
    expect(standing?.waitMs).toBeGreaterThan(60_000);
  });

  it('ends with the first success, told once though sixteen succeed at once', async () => {
    const { address, transactionId } = await quarantined();
    await Promise.all(sixteen((index) => succeed(transactionId, { address, number: index })));
    expect(await quarantine.isQuarantined(address)).toBe(false);
    expect(await healthOf(address)).toStrictEqual([]);
    const names = await fixture.eventsOf(transactionId);
    expect(names.filter((name) => name === RELEASED)).toHaveLength(1);
    expect(names.filter((name) => name === SENT)).toHaveLength(16);
  });
});
