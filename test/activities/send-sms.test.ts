import { randomUUID } from 'node:crypto';
import { createSmsGateways } from '../../activities/adapters/sms-gateways.ts';
import { createSendSms, type SendSmsRequest, type SendSmsResult } from '../../activities/send-sms.ts';
import { createSmsGatewayStore } from '../../db/sms-gateways.ts';
import { createSmsLog } from '../../db/sms-log.ts';
import { seal } from '../../runtime/sealing.ts';
import { smsCodeOf } from '../../runtime/sms-code.ts';
import { aNumber } from '../adapters/an-sms.ts';
import {
  OUR_NUMBER,
  type SimulatedRest,
  type SimulatedTwilio,
  startSimulatedRest,
  startSimulatedTwilio,
} from '../adapters/simulated-sms.ts';
import { sixteen } from '../db/fixture.ts';
import { createSmsFixture, type SmsFixture } from '../db/sms-fixture.ts';

let fixture: SmsFixture;
let twilio: SimulatedTwilio;
let rest: SimulatedRest;
let gateways: ReturnType<typeof createSmsGateways>;
let sendSms: (request: SendSmsRequest) => Promise<SendSmsResult>;

beforeAll(async () => {
  [fixture, twilio, rest] = await Promise.all([createSmsFixture(), startSimulatedTwilio(), startSimulatedRest()]);
  const { knex, keyring } = fixture;
  const insert = (name: string, kind: string, rank: number, settings: string) => {
    const id = randomUUID();
    const sealed_settings = seal(keyring, 'sms_gateways.sealed_settings', id, settings);
    return knex('sms_gateways').insert({ id, name, kind, rank, sealed_settings });
  };
  await insert('main', 'twilio', 1, twilio.settings);
  await insert('spare', 'rest', 2, rest.settings);
  gateways = createSmsGateways(createSmsGatewayStore(knex, keyring), {
    statusCallbackOf: undefined,
    timeoutMs: 20_000,
    print: undefined,
  });
  sendSms = createSendSms({
    smsLog: createSmsLog(knex, keyring),
    smsGateways: gateways,
    smsCodes: { codeFor: (transactionId) => smsCodeOf(keyring, transactionId), isRight: () => false },
    smsTimeoutMs: 20_000,
  });
});

beforeEach(() => fixture.setUp({ sms_default_number: OUR_NUMBER }));

afterAll(async () => {
  await gateways.close();
  await Promise.all([twilio.simulator.stop(), rest.simulator.stop()]);
  await fixture.database.drop();
});

const sendOf = (transactionId: string) => fixture.knex('sms_sends').where({ transaction_id: transactionId }).first();

it('sends the message with the code of its transaction, and records it', async () => {
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: true });
  const [sms] = await twilio.sentTo(to);
  expect(sms).toMatchObject({ from: OUR_NUMBER, body: `Your code is ${smsCodeOf(fixture.keyring, transactionId)}.` });
  expect(sms.validityPeriodSeconds).toBeGreaterThan(0);
  expect(sms.validityPeriodSeconds).toBeLessThanOrEqual(60);
  expect(await sendOf(transactionId)).toMatchObject({ gateway: 'main', provider_message_id: sms.id, failure: null });
});

it('sends the same code in each further step', async () => {
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  for (const step of [0, 1, 2]) await sendSms({ transactionId, step });
  const bodies = (await twilio.sentTo(to)).map(({ body }) => body);
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies).size).toBe(1);
});

it('sends a step once, however often it is run again', async () => {
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  for (let run = 0; run < 3; run += 1) {
    await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: true });
  }
  expect(await twilio.sentTo(to)).toHaveLength(1);
});

it('sends a step once when sixteen runs of it come at once; the others are to come back, and find it sent', async () => {
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  const runs = await Promise.allSettled(sixteen(() => sendSms({ transactionId, step: 0 })));
  expect(runs.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  for (const run of runs) {
    if (run.status === 'fulfilled') expect(run.value).toStrictEqual({ ok: true });
    else expect(run.reason).toMatchObject({ message: 'another run is sending this SMS' });
  }
  await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: true });
  expect(await twilio.sentTo(to)).toHaveLength(1);
});

it('sends by the second gateway in the same run where the first can not', async () => {
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  await twilio.behave({ to, reply: '20500' });
  await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: true });
  expect(await rest.sentTo(to)).toMatchObject([{ verificationCode: smsCodeOf(fixture.keyring, transactionId) }]);
  expect(await sendOf(transactionId)).toMatchObject({ gateway: 'spare', failure: null });
  expect((await fixture.knex('sms_budgets').where({ scope: 'day' }).first()).used).toBe(1);
});

it('sends from the default number where the sender is refused', async () => {
  await fixture.setUp({ sms_default_number: OUR_NUMBER, sms_sender_id: 'A name too long' });
  const to = aNumber();
  await expect(sendSms({ transactionId: await fixture.openSms(to), step: 0 })).resolves.toStrictEqual({ ok: true });
  expect(await twilio.sentTo(to)).toMatchObject([{ from: OUR_NUMBER }]);
});

it('does not offer a number that is refused to anybody else, and tells the same when it is run again', async () => {
  const transactionId = await fixture.openSms('+15005550004');
  for (let run = 0; run < 2; run += 1) {
    await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: false, failure: 'number_refused' });
  }
  expect(await rest.sentTo('+15005550004')).toStrictEqual([]);
  expect(await sendOf(transactionId)).toMatchObject({ failure: 'number_refused', provider_code: '21610' });
  expect(await fixture.eventsOf(transactionId)).toContain('SMS_AUTH_INIT_FAILURE_FAILED_TO_SEND_SMS');
});

it.each([
  ['SMS are switched off', { sms_authentication_enabled: false }, { failure: 'sms_disabled' }],
  ['the country is not allowed', { sms_allowed_countries: ['DE'] }, { failure: 'country_not_allowed' }],
])('sends nothing while %s', async (_name, settings, refusal) => {
  await fixture.setUp(settings);
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: false, ...refusal });
  expect(await twilio.sentTo(to)).toStrictEqual([]);
  expect(await sendOf(transactionId)).toMatchObject(refusal);
});

it('lets exactly the budget out to the gateway when sixteen transactions come at once', async () => {
  await fixture.setUp({ sms_default_number: OUR_NUMBER, sms_per_number_per_hour: 4 });
  const to = aNumber();
  const ids = await Promise.all(sixteen(() => fixture.openSms(to)));
  const results = await Promise.all(ids.map((transactionId) => sendSms({ transactionId, step: 0 })));
  expect(results.filter(({ ok }) => ok)).toHaveLength(4);
  for (const result of results.filter(({ ok }) => !ok)) {
    expect(result).toMatchObject({
      ...{ failure: 'budget_exceeded', budget: 'number', retryAfterSeconds: expect.any(Number) },
    });
  }
  expect(await twilio.sentTo(to)).toHaveLength(4);
});

it('fails for a transaction without a number, and for one that there is not', async () => {
  const withoutNumber = await fixture.open(await fixture.enrol('bob'));
  for (const transactionId of [withoutNumber, randomUUID()]) {
    await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: false, failure: 'no_number' });
  }
});

it('gives up in the time that whoever asked for it still waits', async () => {
  const to = aNumber();
  await Promise.all([twilio.behave({ to, reply: 'hang' }), rest.behave({ to, reply: 'hang' })]);
  const transactionId = await fixture.openSms(to);
  await expect(sendSms({ transactionId, step: 0, withinMs: 600 })).resolves.toStrictEqual({
    ...{ ok: false, failure: 'gateway_unavailable' },
  });
});
