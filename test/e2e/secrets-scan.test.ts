import { randomBytes } from 'node:crypto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DEMO_WORD, startVerifierSimulator, type VerifierSimulator } from '../../dev/verifier-simulator.ts';
import { seal } from '../../runtime/sealing.ts';
import type { DeviceState } from '../../sdk/index.ts';
import { aNumber } from '../adapters/an-sms.ts';
import { controlOf } from '../adapters/simulated-sms.ts';
import { dumpDatabase, writingsOf } from '../support/database-dump.ts';
import { createOneSpanPortal } from '../support/onespan-portal.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

/** Long, so that none of them is found by accident among other digits. */
const [PIN, NEW_PIN, WRONG_PIN] = ['739104826153', '618240937514', '204957318860'];
const VERIFIER_SECRET = randomBytes(24).toString('base64url');
const marked = (what: string): string => `${what}-${randomBytes(9).toString('base64url')}`;

/** What was used, by what it is. */
const secrets = new Map<string, string>();
/** Codes of six digits, which may stand among other digits by accident: looked for as words. */
const codes: string[] = [];
const transactionIds: string[] = [];
/** Bodies of refusals of requests that were full of secrets. */
const refusals: string[] = [];

function secret(name: string, value = marked(name)): string {
  secrets.set(name, value);
  return value;
}

let stack: Stack;
let phone: Phone;
let verifier: VerifierSimulator;
let dump: string;

async function asked(type: string): Promise<Awaited<ReturnType<Phone['client']['fetchChallenge']>>> {
  const form = { message: secret(`message of ${type}`), secure_message: secret(`secure message of ${type}`) };
  const id = await stack.begin(phone, { type, ...form, signing_data: secret(`signing data of ${type}`) });
  transactionIds.push(id);
  return phone.client.fetchChallenge(id);
}

async function pushInEveryWay(): Promise<void> {
  await phone.client.approve(await asked('push'));
  await phone.client.approve(await asked('signing'));
  const pin = await asked('push-pin');
  await phone.client.approve(pin, { pin: WRONG_PIN });
  await phone.client.approve(pin, { pin: PIN });
  await phone.client.changePin(PIN, NEW_PIN);
  await phone.client.approve(await asked('push-custom'), { custom: DEMO_WORD });
  const number = await asked('push-number');
  await phone.client.deny(number.transactionId);
  secret('challenge nonce', pin.nonce);
}

async function byCode(): Promise<void> {
  const otp = await stack.portal.begin({
    type: 'otp',
    callback_uri: stack.callbacks.url,
    message: secret('message of otp'),
  });
  transactionIds.push(otp.body.transaction_id);
  secret('one-time code', otp.body.otp);
  await phone.client.approve(await phone.client.claimOtp(otp.body.otp));

  const to = secret('phone number', aNumber());
  const sms = await stack.portal.begin({ type: 'sms', user_id: phone.userId, phone_number: to });
  transactionIds.push(sms.body.transaction_id);
  const [message] = await controlOf(stack.twilio?.url ?? '').waitFor(to);
  const code = /\b\d{6}\b/.exec(message.body)?.[0] as string;
  codes.push(code);
  const verified = await stack.portal.request('POST', `/oauth/api/v4/authenticate/user/${phone.userId}/sms`, {
    body: new URLSearchParams({ transaction_id: sms.body.transaction_id, sms_code: code }),
  });
  if (verified.status !== 200) throw new Error(JSON.stringify(verified.body));
}

async function byStaticPassword(): Promise<void> {
  const onespan = createOneSpanPortal(stack.portal);
  const password = secret('static password');
  await onespan.setPassword(phone.userId, password);
  await onespan.login(phone.userId, `push${secret('wrong static password')}`);
  const { body } = await onespan.login(phone.userId, `push${password}`);
  transactionIds.push(body.requestID);
  await phone.client.approve(await phone.client.fetchChallenge(body.requestID));
}

/** Mistakes of callers, each with secrets in every place that a reply might quote. */
async function refused(): Promise<void> {
  const token = secret('token in a refused request');
  const raw = await createRawPhone(stack.apiUrl, phone);
  const bearer = { authorization: `Bearer ${token}` };
  const replies = [
    await stack.portal.begin({ type: token, user_id: phone.userId, message: token }),
    await stack.portal.begin({
      type: 'push',
      user_id: phone.userId,
      callback_uri: `http://${token}:x@[`,
      message: 'm',
    }),
    await stack.portal.begin({ type: 'sms', user_id: phone.userId, phone_number: `+31 ${token}` }),
    await stack.portal.request('GET', `/oauth/api/v4/authenticate/transaction/${token}`),
    await stack.portal.request('GET', '/admin/v1/users/x/devices', { headers: bearer }),
    await stack.portal.request('POST', '/admin/v1/enrolment-tickets', {
      body: `{"userId": "${token}`,
      headers: { 'content-type': 'application/json' },
    }),
    await raw.request('POST', '/device/v1/otp/claim', { otp: token }),
    await raw.answer(transactionIds[0] as string, token),
    await raw.request('GET', '/device/v1/transactions', undefined, { proof: token }),
  ];
  for (const { status, body } of replies) {
    if (status < 400) throw new Error(`not refused: ${JSON.stringify(body)}`);
    refusals.push(JSON.stringify(body));
  }
}

beforeAll(async () => {
  stack = await startStack({ withSms: true, env: { LOG_LEVEL: 'trace' } });
  verifier = await startVerifierSimulator({ port: 0, secret: VERIFIER_SECRET });
  const column = 'applications.sealed_custom_authenticator';
  const { url } = verifier.settings;
  const sealed = seal(stack.keyring, column, 'demo-app', JSON.stringify({ url, secret: VERIFIER_SECRET }));
  await stack.database.knex('applications').where({ id: 'demo-app' }).update({ sealed_custom_authenticator: sealed });
  await stack.database
    .knex('authentication_types')
    .insert({ name: 'signing', method: 'push', transaction_signing: true, time_to_live_seconds: 120, max_resends: 0 });
  phone = await stack.enrolPhone('user-c0ffee');
  await phone.client.setPin(PIN);
  await pushInEveryWay();
  await byCode();
  await byStaticPassword();
  await refused();
  for (const id of transactionIds) await stack.temporal.workflow.getHandle(`transaction:${id}`).result();

  const { keys } = (await phone.store.load()) as DeviceState;
  secret('push token', phone.pushToken);
  secret("portal's secret", stack.portal.credentials.secret);
  secret("verifier's secret", VERIFIER_SECRET);
  secret('word for the verifier', DEMO_WORD);
  secret('private signing key', (keys.signingKey as JsonWebKey).d as string);
  secret('private OpenPGP key', keys.pgpPrivateKey.replaceAll(/\s/g, '').slice(80, 200));
  for (const [name, pin] of Object.entries({ PIN, NEW_PIN, WRONG_PIN })) secret(name, pin);
  dump = await dumpDatabase(stack.database.knex);
}, 240_000);
afterAll(async () => {
  await stack?.stop();
  await verifier?.close();
});

/** Names of the secrets that a text shows, in any usual writing; never the secrets themselves. */
function shownIn(text: string): string[] {
  const words = new Set(text.split(/[^0-9A-Za-z.:+-]+/));
  return [
    ...[...secrets].filter(([, value]) => writingsOf(value).some((writing) => text.includes(writing))),
    ...codes.filter((code) => words.has(code)).map(() => ['SMS code']),
  ].map(([name]) => name as string);
}

it('uses every method, or it would say little', async () => {
  const used = await stack.database.knex('transactions').distinct('method').pluck('method');
  expect(used.sort()).toEqual([
    'otp',
    'push',
    'push_with_custom_authenticator',
    'push_with_number',
    'push_with_pin',
    'sms',
  ]);
  const ended = await stack.database.knex('transactions').whereNot({ status: 'approved' }).pluck('method');
  expect(ended).toEqual(['push_with_number']);
  expect(secrets.size).toBeGreaterThan(25);
});

it('would find what is there', () => {
  for (const [name, value] of secrets) {
    for (const writing of writingsOf(value)) expect(shownIn(`… ${writing} …`)).toContain(name);
  }
  expect(shownIn(`{"code":"${codes[0]}"}`)).toEqual(['SMS code']);
});

it('shows nothing of it in logs, not even at the most talkative level', () => {
  const logs = stack.api.output() + stack.worker.output();
  expect(logs).toContain('ready');
  expect(shownIn(logs)).toEqual([]);
  for (const personal of [phone.userId, phone.deviceId]) expect(logs).not.toContain(personal);
});

const ENCRYPTED = Buffer.from('binary/encrypted').toString('base64');
/** What Temporal's library itself notes of a local activity; no codec sees it. */
const LIBRARY_NOTES = 'seq attempt activity_id activity_type complete_time backoff original_schedule_time'.split(' ');

it("shows nothing of it in histories, whose payloads are encrypted but for the library's own notes", async () => {
  for (const id of transactionIds) {
    const history = historyToJSON(await stack.temporal.workflow.getHandle(`transaction:${id}`).fetchHistory());
    const payloads: string[] = [];
    const rest = history.replace(/"data":\s*"([A-Za-z0-9+/=]*)"/g, (_whole, data: string) => {
      payloads.push(Buffer.from(data, 'base64').toString('latin1'));
      return '';
    });
    expect(payloads.length).toBeGreaterThan(3);
    const encodings = [...rest.matchAll(/"encoding":\s*"([A-Za-z0-9+/=]*)"/g)].map(([, encoding]) => encoding);
    expect(encodings).toHaveLength(payloads.length);
    for (const plain of payloads.filter((_payload, index) => encodings[index] !== ENCRYPTED)) {
      expect(LIBRARY_NOTES).toEqual(expect.arrayContaining(Object.keys(JSON.parse(plain))));
    }
    expect(shownIn(payloads.join('\n'))).toEqual([]);
    expect(shownIn(rest)).toEqual([]);
    for (const personal of [phone.userId, phone.deviceId]) expect(rest + payloads.join('\n')).not.toContain(personal);
  }
});

it('shows nothing of it in a dump of the database', () => {
  expect(dump).toContain(transactionIds[0]);
  expect(shownIn(dump)).toEqual([]);
});

it('quotes nothing of it in refusals', () => {
  expect(refusals.length).toBeGreaterThan(5);
  expect(shownIn(refusals.join('\n'))).toEqual([]);
});
