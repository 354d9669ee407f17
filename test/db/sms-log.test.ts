import { v7 as uuidv7 } from 'uuid';
import { createSmsLog } from '../../db/sms-log.ts';
import { CLIENT_ID, sixteen } from './fixture.ts';
import { createSmsFixture, NUMBER, type SmsFixture } from './sms-fixture.ts';

const LEASE_MS = 60_000;
const SENT = 'SMS_AUTH_INIT_MESSAGE_SENT';
const FAILED = 'SMS_AUTH_INIT_FAILURE_FAILED_TO_SEND_SMS';

let fixture: SmsFixture;
let log: ReturnType<typeof createSmsLog>;

beforeAll(async () => {
  fixture = await createSmsFixture();
  log = createSmsLog(fixture.knex, fixture.keyring);
});

beforeEach(() => fixture.setUp({}));

afterAll(() => fixture.database.drop());

/** As if the run had begun long ago and been lost. */
async function loseRun(transactionId: string): Promise<void> {
  await fixture
    .knex('sms_sends')
    .where({ transaction_id: transactionId })
    .update({ started_at: new Date(0) });
}

async function smsEventsOf(transactionId: string) {
  return fixture.knex('events').where({ transaction_id: transactionId }).andWhereLike('name', 'SMS%').orderBy('id');
}

describe('an SMS that is due', () => {
  it('has everything its gateway needs', async () => {
    const transactionId = await fixture.openSms();
    const { expires_at } = await fixture.knex('transactions').where({ id: transactionId }).first('expires_at');
    expect(await log.findDue(transactionId, 0)).toStrictEqual({
      phoneNumber: NUMBER,
      message: 'Your code is {code}.',
      deadlineMs: expires_at.getTime(),
      senderId: null,
      defaultSender: null,
      originHost: null,
      earlier: null,
    });
  });

  it("goes by the type's sender before the general one", async () => {
    await fixture.setUp({ sms_sender_id: 'General', sms_default_number: '+15005550006' });
    await fixture.knex('authentication_types').insert([
      { name: 'plain', method: 'sms', time_to_live_seconds: 60, max_resends: 1 },
      {
        ...{ name: 'own', method: 'sms', time_to_live_seconds: 60, max_resends: 1 },
        ...{ sms_sender_id: 'Bank', webotp_origin_host: 'bank.example' },
      },
    ]);
    const policy = { version: 1, method: 'push', timeToLiveMs: 60_000, maxResends: 1 } as const;
    const plain = await fixture.openSms(NUMBER, { policy: { ...policy, typeName: 'plain' } });
    const own = await fixture.openSms(NUMBER, { policy: { ...policy, typeName: 'own' } });
    expect(await log.findDue(plain, 0)).toMatchObject({ senderId: 'General', defaultSender: '+15005550006' });
    expect(await log.findDue(own, 0)).toMatchObject({ senderId: 'Bank', originHost: 'bank.example' });
  });

  it('knows what became of its step, and of no other', async () => {
    const transactionId = await fixture.openSms();
    await log.recordSent(transactionId, 0, { gateway: 'main', providerMessageId: 'SM1' });
    await log.recordFailed(transactionId, 1, { failure: 'throttled' });
    expect((await log.findDue(transactionId, 0))?.earlier).toStrictEqual({ ok: true });
    expect((await log.findDue(transactionId, 1))?.earlier).toStrictEqual({ ok: false, failure: 'throttled' });
    expect((await log.findDue(transactionId, 2))?.earlier).toBeNull();
  });

  it('is none for an unknown transaction, and for one without a phone number', async () => {
    const withoutNumber = await fixture.open(await fixture.enrol('bob'));
    expect(await log.findDue(uuidv7(), 0)).toBeUndefined();
    expect(await log.findDue(withoutNumber, 0)).toBeUndefined();
  });
});

describe('a step that is taken', () => {
  it('is taken by one of sixteen runs at once, and charged once', async () => {
    const transactionId = await fixture.openSms();
    const charges = await Promise.all(sixteen(() => log.charge(transactionId, 0, LEASE_MS)));
    expect(charges.filter(({ ok }) => ok)).toHaveLength(1);
    expect(charges.filter((charge) => !charge.ok && charge.failure === 'under_way')).toHaveLength(15);
    expect((await fixture.knex('sms_budgets').select('used')).map(({ used }) => used)).toStrictEqual([1, 1, 1]);
  });

  it('is given out once more when its run was lost, without a charge, and then not again', async () => {
    const transactionId = await fixture.openSms();
    expect(await log.charge(transactionId, 0, LEASE_MS)).toStrictEqual({ ok: true });
    await loseRun(transactionId);
    const charges = await Promise.all(sixteen(() => log.charge(transactionId, 0, LEASE_MS)));
    expect(charges.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await fixture.knex('sms_budgets').select('used')).map(({ used }) => used)).toStrictEqual([1, 1, 1]);
    await loseRun(transactionId);
    expect(await log.charge(transactionId, 0, LEASE_MS)).toStrictEqual({ ok: false, failure: 'outcome_unknown' });
  });

  it.each([
    ['was sent', (id: string) => log.recordSent(id, 0, { gateway: 'main', providerMessageId: 'SM1' })],
    ['failed', (id: string) => log.recordFailed(id, 0, { failure: 'number_refused' })],
  ])('is not given out again once it %s', async (_name, end) => {
    const transactionId = await fixture.openSms();
    await log.charge(transactionId, 0, LEASE_MS);
    await end(transactionId);
    await loseRun(transactionId);
    expect(await log.charge(transactionId, 0, LEASE_MS)).toStrictEqual({ ok: false, failure: 'under_way' });
  });

  it('costs as much as the one before', async () => {
    const transactionId = await fixture.openSms();
    for (const step of [0, 1, 2]) await log.charge(transactionId, step, LEASE_MS);
    expect((await fixture.knex('sms_budgets').select('used')).map(({ used }) => used)).toStrictEqual([3, 3, 3]);
  });
});

describe('nothing is charged', () => {
  it('for a transaction that has ended', async () => {
    const transactionId = await fixture.openSms();
    await fixture
      .knex('transactions')
      .where({ id: transactionId })
      .update({ status: 'failed', outcome: JSON.stringify({ status: 'failed' }) });
    expect(await log.charge(transactionId, 0, LEASE_MS)).toStrictEqual({ ok: false, failure: 'transaction_over' });
    expect(await fixture.count('sms_budgets')).toBe(0);
  });

  it('while SMS is switched off', async () => {
    await fixture.setUp({ sms_authentication_enabled: false });
    const transactionId = await fixture.openSms();
    expect(await log.charge(transactionId, 0, LEASE_MS)).toStrictEqual({ ok: false, failure: 'sms_disabled' });
    expect(await fixture.count('sms_budgets')).toBe(0);
    expect(await fixture.count('sms_sends', { transaction_id: transactionId })).toBe(0);
  });

  it.each([
    ['+31612345678', ['NL', 'DE'], true],
    ['+15055551234', ['NL', 'DE'], false],
    ['+881612345678', ['NL', 'DE'], false],
    ['+31612345678', [], false],
  ])('for %s where %j are allowed: %s', async (number, sms_allowed_countries, isAllowed) => {
    await fixture.setUp({ sms_allowed_countries });
    const charge = await log.charge(await fixture.openSms(number), 0, LEASE_MS);
    expect(charge).toStrictEqual(isAllowed ? { ok: true } : { ok: false, failure: 'country_not_allowed' });
    expect(await fixture.count('sms_budgets')).toBe(isAllowed ? 3 : 0);
  });
});

describe('the log of SMS', () => {
  it('has one entry and one event for a step that is recorded sixteen times at once', async () => {
    const transactionId = await fixture.openSms();
    await Promise.all(
      sixteen((index) => log.recordSent(transactionId, 0, { gateway: 'main', providerMessageId: `SM${index}` })),
    );
    expect(await fixture.count('sms_sends', { transaction_id: transactionId })).toBe(1);
    expect((await smsEventsOf(transactionId)).map(({ name }) => name)).toStrictEqual([SENT]);
  });

  it('keeps the first hand-over of a step, whatever is recorded later', async () => {
    const transactionId = await fixture.openSms();
    await log.recordSent(transactionId, 0, { gateway: 'main', providerMessageId: 'first' });
    await log.recordFailed(transactionId, 0, { failure: 'throttled' });
    expect(await fixture.knex('sms_sends').where({ transaction_id: transactionId })).toMatchObject([
      { provider_message_id: 'first', failure: null, gateway: 'main' },
    ]);
  });

  it.each([
    [0, SENT, FAILED],
    [1, 'SMS_RESEND_SUCCEEDED', 'SMS_RESEND_FAILED'],
  ])('tells of step %i by the events of its kind, and shows no number', async (step, sent, failed) => {
    const [first, second] = await Promise.all([fixture.openSms(), fixture.openSms()]);
    await log.recordSent(first, step, { gateway: 'main', providerMessageId: 'SM1' });
    await log.recordFailed(second, step, { failure: 'number_refused', gateway: 'main', providerCode: '21211' });
    const number = '+31*******78';
    expect(await smsEventsOf(first)).toMatchObject([
      { name: sent, details: { step, number, gateway: 'main' }, user_id: 'alice', client_id: CLIENT_ID },
    ]);
    expect(await smsEventsOf(second)).toMatchObject([
      { name: failed, details: { step, number, gateway: 'main', failure: 'number_refused', providerCode: '21211' } },
    ]);
  });

  it('tells of an SMS that is not sent because all are switched off', async () => {
    const transactionId = await fixture.openSms();
    await log.recordFailed(transactionId, 0, { failure: 'sms_disabled' });
    expect((await smsEventsOf(transactionId)).map(({ name }) => name)).toStrictEqual([
      'SMS_AUTH_INIT_FAILURE_DISABLED',
    ]);
  });

  it('writes nothing for a transaction that was never opened', async () => {
    const transactionId = uuidv7();
    await log.recordFailed(transactionId, 0, { failure: 'no_number' });
    expect(await fixture.count('sms_sends', { transaction_id: transactionId })).toBe(0);
    expect(await smsEventsOf(transactionId)).toStrictEqual([]);
  });

  it('shows no phone number in any table', async () => {
    const number = '+31687654321';
    const transactionId = await fixture.openSms(number);
    await log.charge(transactionId, 0, LEASE_MS);
    await log.recordSent(transactionId, 0, { gateway: 'main', providerMessageId: 'SM1' });
    const tables = await fixture.knex('pg_tables').where({ schemaname: 'public' }).select('tablename');
    for (const { tablename } of tables) {
      const { rows } = await fixture.knex.raw('select to_jsonb(t)::text as line from ?? t', [tablename]);
      for (const { line } of rows) expect(line).not.toContain(number.slice(1));
    }
  });
});
