import { randomUUID } from 'node:crypto';
import { createSmsGateways } from '../../activities/adapters/sms-gateways.ts';
import { createSendSms } from '../../activities/send-sms.ts';
import { createSmsGatewayStore } from '../../db/sms-gateways.ts';
import { createSmsLog } from '../../db/sms-log.ts';
import { claimPort } from '../../dev/free-port.ts';
import { signatureOf } from '../../dev/twilio-simulator/status-callbacks.ts';
import { seal } from '../../runtime/sealing.ts';
import { smsCodeOf } from '../../runtime/sms-code.ts';
import { stagesOf } from '../../workflows/domain/stages.ts';
import { aNumber } from '../adapters/an-sms.ts';
import { OUR_NUMBER, type SimulatedTwilio, startSimulatedTwilio } from '../adapters/simulated-sms.ts';
import { createSmsFixture, type SmsFixture } from '../db/sms-fixture.ts';
import { startProcess, type TestProcess } from '../support/child.ts';

let fixture: SmsFixture;
let twilio: SimulatedTwilio;
let api: TestProcess;
let apiUrl: string;
let gateways: ReturnType<typeof createSmsGateways>;
let sendSms: ReturnType<typeof createSendSms>;

beforeAll(async () => {
  [fixture, twilio] = await Promise.all([createSmsFixture(), startSimulatedTwilio()]);
  const { knex, keyring, encryptionKeys, database } = fixture;
  await fixture.setUp({ sms_default_number: OUR_NUMBER });
  const id = randomUUID();
  const sealed_settings = seal(keyring, 'sms_gateways.sealed_settings', id, twilio.settings);
  await knex('sms_gateways').insert({ id, name: 'main', kind: 'twilio', rank: 1, sealed_settings });
  const claim = await claimPort();
  apiUrl = `http://127.0.0.1:${claim.port}`;
  gateways = createSmsGateways(createSmsGatewayStore(knex, keyring), {
    statusCallbackOf: ({ transactionId, step }) => addressOf(transactionId, step),
    timeoutMs: 20_000,
    print: undefined,
  });
  sendSms = createSendSms({
    smsLog: createSmsLog(knex, keyring),
    smsGateways: gateways,
    smsCodes: { codeFor: (transactionId) => smsCodeOf(keyring, transactionId), isRight: () => false },
    smsTimeoutMs: 20_000,
  });
  api = await startProcess('api/main.ts', {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS as string,
    ENCRYPTION_KEYS: encryptionKeys,
    PUBLIC_URL: apiUrl,
    API_PORT: String(claim.port),
  });
  await claim.release();
});

afterAll(async () => {
  await api?.stop();
  await gateways?.close();
  await twilio?.simulator.stop();
  await fixture?.database.drop();
});

function addressOf(transactionId: string, step: number): string {
  return `${apiUrl}/sms/v1/twilio/status?transaction_id=${transactionId}&step=${step}`;
}

const sendOf = (transactionId: string) => fixture.knex('sms_sends').where({ transaction_id: transactionId }).first();

/** A message that was sent, and of which nothing is reported by itself. */
async function silentlySent(): Promise<{ transactionId: string; form: Record<string, string> }> {
  const to = aNumber();
  await twilio.behave({ to, delivery: 'nothing' });
  const transactionId = await fixture.openSms(to);
  await sendSms({ transactionId, step: 0 });
  const [sms] = await twilio.sentTo(to);
  const { accountSid } = twilio.simulator.account;
  return { transactionId, form: { AccountSid: accountSid, MessageSid: sms.id, MessageStatus: 'delivered', To: to } };
}

function report(
  url: string,
  form: Record<string, string>,
  signature = signatureOf(twilio.simulator.account.authToken, url, form),
) {
  return fetch(url, { method: 'POST', headers: { 'x-twilio-signature': signature }, body: new URLSearchParams(form) });
}

it('records what becomes of a message, as Twilio reports it', async () => {
  const to = aNumber();
  const transactionId = await fixture.openSms(to);
  await expect(sendSms({ transactionId, step: 0 })).resolves.toStrictEqual({ ok: true });
  await twilio.simulator.settled();
  const { delivery_stage, delivery_times, provider_message_id } = await sendOf(transactionId);
  expect(delivery_stage).toBe('delivered');
  expect(Object.keys(delivery_times).sort()).toStrictEqual(['delivered', 'sent']);
  expect((await twilio.sentTo(to))[0].id).toBe(provider_message_id);
  const told = (await fixture.eventsOf(transactionId)).flatMap((name) => stagesOf(name));
  expect(told.filter((stage) => stage === 'delivered')).toHaveLength(1);
});

it('tells operators of a message that does not arrive', async () => {
  const to = aNumber();
  await twilio.behave({ to, delivery: 'undelivered', errorCode: 30_003 });
  const transactionId = await fixture.openSms(to);
  await sendSms({ transactionId, step: 0 });
  await twilio.simulator.settled();
  expect(await sendOf(transactionId)).toMatchObject({ delivery_stage: 'undelivered', delivery_code: '30003' });
  const events = await fixture.eventsOf(transactionId);
  expect(events).toContain('SMS_DELIVERY_FAILED');
  expect(events.flatMap((name) => stagesOf(name))).not.toContain('delivered');
});

describe('a report that is not signed by a configured account is refused with 403 and changes nothing:', () => {
  type Forge = (url: string, form: Record<string, string>) => Promise<Response>;
  it.each<[string, Forge]>([
    ['no signature', (url, form) => report(url, form, '')],
    ['a signature of nonsense', (url, form) => report(url, form, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')],
    ['a signature by another token', (url, form) => report(url, form, signatureOf('another', url, form))],
    [
      'another message than was signed',
      (url, form) =>
        report(url, { ...form, MessageSid: 'SM2' }, signatureOf(twilio.simulator.account.authToken, url, form)),
    ],
    [
      'another transaction than was signed',
      (url, form) =>
        report(url.replace(/step=0/, 'step=1'), form, signatureOf(twilio.simulator.account.authToken, url, form)),
    ],
    ['another account', (url, form) => report(url, { ...form, AccountSid: `AC${'0'.repeat(32)}` })],
    ['no account', (url, { AccountSid: _accountSid, ...form }) => report(url, form)],
    [
      'a signature for another host',
      (url, form) => {
        const elsewhere = url.replace('127.0.0.1', 'localhost');
        return report(url, form, signatureOf(twilio.simulator.account.authToken, elsewhere, form));
      },
    ],
  ])('%s', async (_name, forge) => {
    const { transactionId, form } = await silentlySent();
    const response = await forge(addressOf(transactionId, 0), form);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'signature_invalid' });
    expect((await sendOf(transactionId)).delivery_stage).toBeNull();
  });
});

it.each([
  ['a stage that SMS do not have', { MessageStatus: 'read' }],
  ['more parameters than there are today', { MessageStatus: 'sent', SomethingNew: 'ä€😀' }],
])('takes a signed report with %s', async (_name, fields) => {
  const { transactionId, form } = await silentlySent();
  const url = addressOf(transactionId, 0);
  expect((await report(url, { ...form, ...fields })).status).toBe(204);
});

it.each([
  ['about no transaction', (url: string) => url.replace(/\?.*/, '')],
  ['about what is no transaction', (url: string) => url.replace(/transaction_id=[^&]*/, 'transaction_id=x')],
  ['about no step', (url: string) => url.replace(/step=0/, 'step=many')],
])('refuses a signed report %s', async (_name, change) => {
  const { transactionId, form } = await silentlySent();
  expect((await report(change(addressOf(transactionId, 0)), form)).status).toBe(400);
});

it('takes a signed report about a message that is not ours, and writes nothing', async () => {
  const { form } = await silentlySent();
  const stranger = randomUUID();
  expect((await report(addressOf(stranger, 0), form)).status).toBe(204);
  expect(await fixture.count('sms_sends', { transaction_id: stranger })).toBe(0);
});

it('answers another method with 405, and another body with 415', async () => {
  const url = `${apiUrl}/sms/v1/twilio/status`;
  expect((await fetch(url)).status).toBe(405);
  const json = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(json.status).toBe(415);
});

it('shows no number, code or token in its log', async () => {
  const log = api.output();
  const { authToken, accountSid } = twilio.simulator.account;
  for (const secret of [authToken, accountSid, '+316', '%2B316', 'Your code']) expect(log).not.toContain(secret);
});
