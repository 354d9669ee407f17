import type { PushFailure } from '../../activities/ports.ts';
import { PUSH_CONSEQUENCES } from '../../workflows/domain/push-failure.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

/** Once more than the same refusal may be asked for. */
const ALWAYS = 4;

interface Answer {
  /** As the simulated FCM is told to answer. */
  readonly reply: string;
  readonly retryAfterSeconds?: number;
  readonly failure: PushFailure;
  readonly providerCode: string;
  readonly attempts: number;
}

/** Every documented answer of FCM, given for as long as it is asked. */
const ANSWERS: readonly Answer[] = [
  { reply: 'UNREGISTERED', failure: 'token_gone', providerCode: 'UNREGISTERED', attempts: 1 },
  { reply: 'INVALID_ARGUMENT', failure: 'token_gone', providerCode: 'INVALID_ARGUMENT_TOKEN', attempts: 1 },
  { reply: 'MESSAGE_TOO_BIG', failure: 'message_refused', providerCode: 'INVALID_ARGUMENT', attempts: 1 },
  { reply: 'SENDER_ID_MISMATCH', failure: 'misconfigured', providerCode: 'SENDER_ID_MISMATCH', attempts: 1 },
  { reply: 'THIRD_PARTY_AUTH_ERROR', failure: 'misconfigured', providerCode: 'THIRD_PARTY_AUTH_ERROR', attempts: 1 },
  { reply: 'UNAUTHENTICATED', failure: 'misconfigured', providerCode: 'http_401', attempts: 1 },
  { reply: 'PERMISSION_DENIED', failure: 'misconfigured', providerCode: 'http_403', attempts: 1 },
  { reply: 'NOT_FOUND', failure: 'misconfigured', providerCode: 'http_404', attempts: 1 },
  { reply: 'QUOTA_EXCEEDED', failure: 'throttled', providerCode: 'QUOTA_EXCEEDED', attempts: 1 },
  { reply: 'RESOURCE_EXHAUSTED', failure: 'throttled', providerCode: 'http_429', attempts: 1, retryAfterSeconds: 60 },
  { reply: 'QUOTA_EXCEEDED', failure: 'throttled', providerCode: 'QUOTA_EXCEEDED', attempts: 2, retryAfterSeconds: 0 },
  { reply: 'UNAVAILABLE', failure: 'provider_unavailable', providerCode: 'UNAVAILABLE', attempts: 2 },
  {
    ...{ reply: 'UNAVAILABLE', failure: 'provider_unavailable', providerCode: 'UNAVAILABLE' },
    ...{ attempts: 1, retryAfterSeconds: 30 },
  },
  { reply: 'INTERNAL', failure: 'provider_unavailable', providerCode: 'INTERNAL', attempts: 2 },
  { reply: 'BAD_GATEWAY', failure: 'provider_unavailable', providerCode: 'http_5xx', attempts: 2 },
  { reply: 'drop', failure: 'provider_unavailable', providerCode: 'connection_broken', attempts: 2 },
  { reply: 'hang', failure: 'provider_unavailable', providerCode: 'timeout', attempts: 1 },
];

let stack: Stack;
let number = 0;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

async function behave(phone: Phone, { reply, retryAfterSeconds }: Partial<Answer>, next: number): Promise<void> {
  const body = JSON.stringify({
    token: phone.pushToken,
    reply,
    next,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
  const headers = { 'content-type': 'application/json' };
  const set = await fetch(`${stack.fcm.url}/simulator/behaviour`, { method: 'PUT', headers, body });
  expect(set.status).toBe(204);
}

function enrol(): Promise<Phone> {
  number += 1;
  return stack.enrolPhone(`user-${number}`);
}

const begin = (phone: Phone) =>
  stack.portal.begin({
    type: 'push',
    user_id: phone.userId,
    device_id: phone.deviceId,
    callback_uri: stack.callbacks.url,
    message: 'Log in?',
  });

const transactionOf = async ({ userId }: Phone): Promise<string> =>
  (await stack.database.knex('transactions').where({ user_id: userId }).first()).id;

const eventsOf = (transactionId: string) =>
  stack.database.knex('events').where({ transaction_id: transactionId }).orderBy('id').select('name', 'details');

const hasPushToken = async ({ userId }: Phone): Promise<boolean> =>
  (await stack.database.knex('enrolments').where({ user_id: userId }).first()).sealed_push_token !== null;

/** Alarms are rare by rule; this makes room for the next one, and counts from here. */
async function alarmsFrom(): Promise<() => Promise<unknown[]>> {
  const { knex } = stack.database;
  await knex('push_configurations').update({ alarmed_at: null });
  const [row] = await knex('events').max({ last: 'id' });
  const last = row?.last ?? 0;
  return () => knex('events').where({ name: 'PUSH_CONFIGURATION_ALARM' }).where('id', '>', last).pluck('details');
}

function expectedAlarms({ failure, providerCode }: Answer): object[] {
  if (!PUSH_CONSEQUENCES[failure].isAlarming) return [];
  return [{ failure, providerCode, configuration: 'demo-fcm', provider: 'fcm_http_v1' }];
}

/** What a refused push leaves in the events of its transaction. */
function eventsOfRefusal({ failure, providerCode, attempts }: Answer, step: number): object[] {
  const isEnding = PUSH_CONSEQUENCES[failure].token === 'erased';
  return [
    ...(isEnding ? [{ name: 'PUSH_ENROLLMENT_ENDED', details: { reason: 'token_gone', providerCode } }] : []),
    { name: 'PUSH_AUTH_PUSH_SERVICE_FAILURE', details: { step, attempts, failure, providerCode } },
    ...(step > 0 && failure === 'token_gone' ? [{ name: 'PUSH_AUTH_RESEND_FAILURE_NO_PUSH_ENROLLMENT' }] : []),
  ];
}

describe.each(ANSWERS)('when FCM answers $reply (retry-after $retryAfterSeconds)', (answer) => {
  const isEnding = PUSH_CONSEQUENCES[answer.failure].token === 'erased';

  it(`a begin is refused with 1002, and the push enrolment ${isEnding ? 'ends' : 'stays'}`, async () => {
    const phone = await enrol();
    const alarms = await alarmsFrom();
    await behave(phone, answer, ALWAYS);
    expect(await begin(phone)).toMatchObject({ status: 503, body: { error_code: '1002' } });
    const transactionId = await transactionOf(phone);
    expect(await eventsOf(transactionId)).toMatchObject([
      { name: 'PUSH_AUTH_INITIALIZED' },
      ...eventsOfRefusal(answer, 0),
      { name: 'MOBILE_AUTH_FAILED', details: { reason: 'failed_to_send' } },
    ]);
    expect(await stack.database.knex('push_sends').where({ transaction_id: transactionId })).toMatchObject([
      { step: 0, attempts: answer.attempts, failure: answer.failure, provider_code: answer.providerCode },
    ]);
    expect(await alarms()).toStrictEqual(expectedAlarms(answer));
    expect(await hasPushToken(phone)).toBe(!isEnding);
    const next = await begin(phone);
    if (isEnding) expect(next).toMatchObject({ status: 404, body: { error_code: '1001' } });
    else expect([200, 503]).toContain(next.status);
  });

  it('a resend is refused with 1002, and the transaction can still be approved', async () => {
    const phone = await enrol();
    const transactionId = (await begin(phone)).body.transaction_id;
    const alarms = await alarmsFrom();
    await behave(phone, answer, ALWAYS);
    expect(await stack.portal.resend(phone.userId, transactionId)).toMatchObject({
      status: 503,
      body: { error_code: '1002' },
    });
    expect(await eventsOf(transactionId)).toMatchObject([
      { name: 'PUSH_AUTH_INITIALIZED' },
      { name: 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION', details: { step: 0, attempts: 1 } },
      ...eventsOfRefusal(answer, 1),
    ]);
    expect(await alarms()).toStrictEqual(expectedAlarms(answer));
    expect(await hasPushToken(phone)).toBe(!isEnding);
    const challenge = await phone.client.fetchChallenge(transactionId);
    expect(await phone.client.approve(challenge)).toMatchObject({ status: 'approved' });
  });
});

describe.each(ANSWERS.filter(({ attempts }) => attempts === 2))('when FCM answers $reply once', (answer) => {
  it('nobody but the events notices', async () => {
    const phone = await enrol();
    await behave(phone, answer, 1);
    const begun = await begin(phone);
    expect(begun).toMatchObject({ status: 200, body: { auth_method: 'push' } });
    expect(await eventsOf(begun.body.transaction_id)).toMatchObject([
      { name: 'PUSH_AUTH_INITIALIZED' },
      {
        name: 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION',
        details: { step: 0, attempts: 2, triedAgainAfter: answer.providerCode },
      },
    ]);
    expect(await hasPushToken(phone)).toBe(true);
  });
});

it('replaces an access token that was revoked without anybody noticing', async () => {
  const phone = await enrol();
  await behave(phone, { reply: 'UNAUTHENTICATED' }, 1);
  const begun = await begin(phone);
  expect(begun.status).toBe(200);
  expect((await eventsOf(begun.body.transaction_id))[1]).toMatchObject({ details: { step: 0, attempts: 1 } });
});

it('reaches a phone again that brings a new push token after its old one was gone', async () => {
  const phone = await enrol();
  await behave(phone, { reply: 'UNREGISTERED' }, 1);
  expect((await begin(phone)).status).toBe(503);
  expect((await begin(phone)).body.error_code).toBe('1001');
  const minted = await fetch(`${stack.fcm.url}/simulator/registrations`, { method: 'POST' });
  await phone.client.changePushToken(((await minted.json()) as { token: string }).token);
  expect((await begin(phone)).status).toBe(200);
});

it('tells of the alarms in the log of the worker, by the name of the configuration', () => {
  const lines = stack.worker.output().split('\n');
  const alarms = lines.filter((line) => line.includes('a push configuration is not taken by its provider'));
  expect(alarms.length).toBeGreaterThan(0);
  for (const line of alarms) {
    expect(JSON.parse(line)).toMatchObject({ level: 50, pushConfiguration: 'demo-fcm', failure: 'misconfigured' });
  }
});
