import { v7 as uuidv7 } from 'uuid';
import { createApiTransactionStore } from '../../db/portal-and-device-transactions.ts';
import { createPushLog } from '../../db/push-log.ts';
import { CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

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
      pushToken: 'the token',
      pushConfigurationId: fixture.pushConfigurationIds.android,
      userId: 'alice',
      message: 'Pay?',
      ...times,
      sentAs: null,
    });
  });

  it('goes by the push configuration of its platform', async () => {
    const ios = await fixture.enrol('ios-user', { platform: 'ios' });
    const due = await pushLog.findDue(await fixture.open(ios), 0);
    expect(due?.pushConfigurationId).toBe(fixture.pushConfigurationIds.ios);
  });

  it('knows which of its steps were handed over', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordSent(transactionId, 0, 'message 1');
    await pushLog.recordFailed(transactionId, 1, 'throttled');
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
    await Promise.all(sixteen((index) => pushLog.recordSent(transactionId, 0, `message ${index}`)));
    expect(await fixture.count('push_sends', { transaction_id: transactionId })).toBe(1);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, ACCEPTED]);
  });

  it('keeps the first hand-over of a step, whatever is recorded later', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordSent(transactionId, 0, 'first');
    await pushLog.recordSent(transactionId, 0, 'second');
    await pushLog.recordFailed(transactionId, 0, 'provider_unavailable');
    expect((await pushLog.findDue(transactionId, 0))?.sentAs).toBe('first');
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, ACCEPTED]);
  });

  it('takes a hand-over after a failure of the same step', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordFailed(transactionId, 0, 'provider_unavailable');
    await pushLog.recordSent(transactionId, 0, 'message');
    expect((await pushLog.findDue(transactionId, 0))?.sentAs).toBe('message');
    expect(await fixture.knex('push_sends').where({ transaction_id: transactionId })).toMatchObject([
      { step: 0, provider_message_id: 'message', failure: null },
    ]);
    expect(await fixture.eventsOf(transactionId)).toStrictEqual([INITIALIZED, FAILURE, ACCEPTED]);
  });

  it('has an event of its own for each step, with what became of it', async () => {
    const transactionId = await fixture.open(phone);
    await pushLog.recordSent(transactionId, 0, 'message');
    await pushLog.recordFailed(transactionId, 1, 'token_gone');
    const events = await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id').offset(1);
    expect(events).toMatchObject([
      { name: ACCEPTED, details: { step: 0 }, user_id: 'alice', client_id: CLIENT_ID, device_id: phone.deviceId },
      { name: FAILURE, details: { step: 1, failure: 'token_gone' }, user_id: 'alice' },
    ]);
  });

  it('tells the portal that the first push was handed over, and of no other step', async () => {
    const api = createApiTransactionStore(fixture.knex, fixture.keyring);
    const transactionId = await fixture.open(phone);
    await pushLog.recordFailed(transactionId, 0, 'throttled');
    await pushLog.recordSent(transactionId, 1, 'message');
    expect((await api.findForClient(transactionId, CLIENT_ID))?.isHandedOver).toBe(false);
    await pushLog.recordSent(transactionId, 0, 'message');
    expect((await api.findForClient(transactionId, CLIENT_ID))?.isHandedOver).toBe(true);
  });
});
