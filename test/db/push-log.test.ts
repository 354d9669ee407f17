import { v7 as uuidv7 } from 'uuid';
import { createApiTransactionStore } from '../../db/portal-and-device-transactions.ts';
import { createPushLog } from '../../db/push-log.ts';
import { APPLICATION_ID, CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

const INITIALIZED = 'PUSH_AUTH_INITIALIZED';
const ACCEPTED = 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION';
const FAILURE = 'PUSH_AUTH_PUSH_SERVICE_FAILURE';

let fixture: Fixture;
let phone: Enrolled;
let pushLog: ReturnType<typeof createPushLog>;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice', { pushToken: 'the token' });
  pushLog = createPushLog(fixture.knex, fixture.keyring);
});

afterAll(() => fixture.database.drop());

describe('a push that is due', () => {
  it('has everything its sender needs', async () => {
    const times = { createdAtMs: 1_800_000_000_123, deadlineMs: 1_800_000_060_456 };
    const transactionId = await fixture.open(phone, { message: 'Pay?', secureMessage: 'to Bob' }, times);
    expect(await pushLog.findDue(transactionId, 0)).toStrictEqual({
      enrolmentId: phone.enrolmentId,
      applicationId: APPLICATION_ID,
      pushToken: 'the token',
      pushConfigurationId: fixture.pushConfigurationIds.android,
      userId: 'alice',
      message: 'Pay?',
      ...times,
      apns: { topic: APPLICATION_ID, environment: 'production', badge: null },
      sentAs: null,
      isPending: true,
    });
  });

  it('goes by the push configuration of its platform', async () => {
    const ios = await fixture.enrol('ios-user', { platform: 'ios' });
    const due = await pushLog.findDue(await fixture.open(ios), 0);
    expect(due?.pushConfigurationId).toBe(fixture.pushConfigurationIds.ios);
  });

  it('knows which of its steps were handed over', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordSent(transactionId, 0, 'message 1', []);
    await pushLog.recordFailed(transactionId, 1, [{ ok: false, failure: 'throttled' }]);
    expect((await pushLog.findDue(transactionId, 0))?.sentAs).toBe('message 1');
    expect((await pushLog.findDue(transactionId, 1))?.sentAs).toBeNull();
    expect((await pushLog.findDue(transactionId, 2))?.sentAs).toBeNull();
  });

  it('is none when the enrolment is revoked, its token is gone, or the transaction was never opened', async () => {
    const [revoked, tokenless] = await Promise.all([fixture.enrol('revoked'), fixture.enrol('tokenless')]);
    const [first, second] = await Promise.all([fixture.open(revoked), fixture.open(tokenless)]);
    await fixture.revoke(revoked.enrolmentId);
    await fixture.knex('enrolments').where({ id: tokenless.enrolmentId }).update({ sealed_push_token: null });
    for (const transactionId of [first, second, uuidv7()]) {
      expect(await pushLog.findDue(transactionId, 0)).toBeUndefined();
    }
  });
});

describe('the log of pushes', () => {
  it('has one entry and one event for a step that is recorded sixteen times at once', async () => {
    const transactionId = await fixture.open(phone);
    await Promise.all(sixteen((index) => pushLog.recordSent(transactionId, 0, `message ${index}`, [])));
    expect(await fixture.count('push_sends', { transaction_id: transactionId })).toBe(1);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, ACCEPTED]);
  });

  it('keeps the first hand-over of a step, whatever is recorded later', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordSent(transactionId, 0, 'first', []);
    await pushLog.recordSent(transactionId, 0, 'second', []);
    await pushLog.recordFailed(transactionId, 0, [{ ok: false, failure: 'provider_unavailable' }]);
    expect((await pushLog.findDue(transactionId, 0))?.sentAs).toBe('first');
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, ACCEPTED]);
  });

  it('takes a hand-over after a failure of the same step', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordFailed(transactionId, 0, [{ ok: false, failure: 'provider_unavailable' }]);
    await pushLog.recordSent(transactionId, 0, 'message', []);
    expect((await pushLog.findDue(transactionId, 0))?.sentAs).toBe('message');
    expect(await fixture.knex('push_sends').where({ transaction_id: transactionId })).toMatchObject([
      { step: 0, provider_message_id: 'message', failure: null },
    ]);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, FAILURE, ACCEPTED]);
  });

  it('has an event of its own for each step, with what became of it', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordSent(transactionId, 0, 'message', []);
    await pushLog.recordFailed(transactionId, 1, [{ ok: false, failure: 'token_gone' }]);
    const events = await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id').offset(1);
    expect(events).toMatchObject([
      { name: ACCEPTED, details: { step: 0 }, user_id: 'alice', client_id: CLIENT_ID, device_id: phone.deviceId },
      { name: FAILURE, details: { step: 1, failure: 'token_gone' }, user_id: 'alice' },
      { name: 'PUSH_AUTH_RESEND_FAILURE_NO_PUSH_ENROLLMENT', details: { step: 1, failure: 'token_gone' } },
    ]);
  });

  it('counts attempts, and keeps our word for what the provider said', async () => {
    const transactionId = await fixture.open(phone);
    const ailing = { ok: false, failure: 'provider_unavailable', providerCode: 'UNAVAILABLE' } as const;
    await pushLog.recordSent(transactionId, 0, 'message', [ailing]);
    await pushLog.recordFailed(transactionId, 1, [
      ailing,
      { ok: false, failure: 'throttled', providerCode: 'http_429' },
    ]);
    expect(await fixture.knex('push_sends').where({ transaction_id: transactionId }).orderBy('step')).toMatchObject([
      { step: 0, attempts: 2, failure: null, provider_code: 'UNAVAILABLE' },
      { step: 1, attempts: 2, failure: 'throttled', provider_code: 'http_429' },
    ]);
    const events = await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id').offset(1);
    expect(events.map(({ details }) => details)).toStrictEqual([
      { step: 0, attempts: 2, triedAgainAfter: 'UNAVAILABLE' },
      { step: 1, attempts: 2, failure: 'throttled', providerCode: 'http_429' },
    ]);
  });

  it('adds the attempts of a step that is run again', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordFailed(transactionId, 0, [{ ok: false, failure: 'throttled' }]);
    await pushLog.recordSent(transactionId, 0, 'message', []);
    expect(await fixture.knex('push_sends').where({ transaction_id: transactionId })).toMatchObject([{ attempts: 2 }]);
  });

  it('tells the portal that the first push was handed over, and of no other step', async () => {
    const api = createApiTransactionStore(fixture.knex, fixture.keyring);
    const transactionId = await fixture.open(phone);
    await pushLog.recordFailed(transactionId, 0, [{ ok: false, failure: 'throttled' }]);
    await pushLog.recordSent(transactionId, 1, 'message', []);
    expect((await api.findForClient(transactionId, CLIENT_ID))?.isHandedOver).toBe(false);
    await pushLog.recordSent(transactionId, 0, 'message', []);
    expect((await api.findForClient(transactionId, CLIENT_ID))?.isHandedOver).toBe(true);
  });
});
