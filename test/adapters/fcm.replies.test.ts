import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createFcmHttpV1Client } from '../../activities/adapters/fcm-http-v1.ts';
import { refusalOfFcmReply } from '../../activities/adapters/fcm-replies.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import { retryAfterOf } from '../../activities/adapters/retry-after.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type SimulatedFcm, startSimulatedFcm } from './simulated-fcm.ts';

const SHORT_DEADLINE_MS = 300;
const clients: PushClient[] = [];
let fcm: SimulatedFcm;

beforeAll(async () => {
  fcm = await startSimulatedFcm();
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await fcm.simulator.stop();
});

function clientOf(settings: string): PushClient {
  const client = createFcmHttpV1Client(settings, { timeoutMs: 20_000 });
  clients.push(client);
  return client;
}

it('hands a push over and gives the name that the provider gave it', async () => {
  const token = await fcm.register();
  const receipt = await clientOf(fcm.settings).send(aPush(token), PATIENTLY);
  expect(receipt).toStrictEqual({
    ok: true,
    providerMessageId: expect.stringMatching(/^projects\/countersign-demo\/messages\/.+/),
  });
  expect(await fcm.pushesOf(token)).toHaveLength(1);
});

it('sends ids and the short message only, as data, at once, and for no longer than the transaction lives', async () => {
  const token = await fcm.register();
  await clientOf(fcm.settings).send(aPush(token, { message: 'Pay “10 €”?', timeToLiveSeconds: 17 }), PATIENTLY);
  const [message] = await fcm.pushesOf(token);
  expect(message).toStrictEqual({
    token,
    data: { content: expect.any(String) },
    android: { priority: 'HIGH', ttl: '17s' },
  });
  expect(JSON.parse(message.data.content)).toStrictEqual({
    og_transaction_id: '0190a000-0000-7000-8000-000000000001',
    og_profile_id: 'alice',
    og_message: 'Pay “10 €”?',
    timestamp: 1_800_000_000_000,
    timeToLiveSeconds: 17,
  });
});

it('sends a notification beside the data where the configuration says so', async () => {
  const token = await fcm.register();
  const settings = { ...JSON.parse(fcm.settings), content: 'notification_and_data', notificationTitle: 'The bank' };
  await clientOf(JSON.stringify(settings)).send(aPush(token, { message: 'Pay?' }), PATIENTLY);
  expect(await fcm.pushesOf(token)).toMatchObject([
    { notification: { title: 'The bank', body: 'Pay?' }, data: { content: expect.any(String) } },
  ]);
});

it('has credentials and token checked without sending anything', async () => {
  const token = await fcm.register();
  const client = clientOf(fcm.settings);
  await expect(client.dryRun?.(undefined, 20_000)).resolves.toMatchObject({ ok: true });
  await expect(client.dryRun?.(token, 20_000)).resolves.toMatchObject({ ok: true });
  await expect(client.dryRun?.('not-a-token', 20_000)).resolves.toMatchObject({
    providerCode: 'INVALID_ARGUMENT_TOKEN',
  });
  expect(await fcm.pushesOf(token)).toStrictEqual([]);
});

it.each([
  ['UNREGISTERED', 'token_gone', 'UNREGISTERED'],
  ['SENDER_ID_MISMATCH', 'misconfigured', 'SENDER_ID_MISMATCH'],
  ['QUOTA_EXCEEDED', 'throttled', 'QUOTA_EXCEEDED'],
  ['UNAVAILABLE', 'provider_unavailable', 'UNAVAILABLE'],
  ['INTERNAL', 'provider_unavailable', 'INTERNAL'],
  ['THIRD_PARTY_AUTH_ERROR', 'misconfigured', 'THIRD_PARTY_AUTH_ERROR'],
  ['PERMISSION_DENIED', 'misconfigured', 'http_403'],
  ['NOT_FOUND', 'misconfigured', 'http_404'],
  ['RESOURCE_EXHAUSTED', 'throttled', 'http_429'],
  ['BAD_GATEWAY', 'provider_unavailable', 'http_5xx'],
  ['MESSAGE_TOO_BIG', 'message_refused', 'INVALID_ARGUMENT'],
  ['drop', 'provider_unavailable', 'connection_broken'],
])('takes %s for %s, and does not ask a second time', async (reply, failure, providerCode) => {
  const token = await fcm.register();
  await fcm.behave({ token, reply, next: 1 });
  const client = clientOf(fcm.settings);
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toStrictEqual({ ok: false, failure, providerCode });
  expect(await fcm.pushesOf(token)).toStrictEqual([]);
  // The one refusal is used up: a second attempt would have gone through.
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
});

it('gives up on a provider that never answers, within its own deadline', async () => {
  const token = await fcm.register();
  await fcm.behave({ token, reply: 'hang', next: 1 });
  const client = clientOf(fcm.settings);
  await expect(client.send(aPush(token), { ...PATIENTLY, withinMs: SHORT_DEADLINE_MS })).resolves.toStrictEqual({
    ok: false,
    failure: 'provider_unavailable',
    providerCode: 'timeout',
  });
});

it('does not spend all its time on a connection that does not come about', async () => {
  const silent = createServer(() => undefined);
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const settings = JSON.stringify({ ...JSON.parse(fcm.settings), endpoint });
  const client = createFcmHttpV1Client(settings, { timeoutMs: 400 });
  clients.push(client);
  // Its own limit ends it, long before the time that it is given here.
  await expect(client.send(aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'provider_unavailable',
    providerCode: 'connection_broken',
  });
  silent.close();
});

it('is not held up for others by a registration whose pushes hang', async () => {
  const [hanging, good] = await Promise.all([fcm.register(), fcm.register()]);
  await fcm.behave({ token: hanging, reply: 'hang', next: 1 });
  const client = clientOf(fcm.settings);
  const settled: string[] = [];
  const stuck = client.send(aPush(hanging), { ...PATIENTLY, withinMs: 2_000 }).finally(() => settled.push('stuck'));
  const sent = client.send(aPush(good), PATIENTLY).finally(() => settled.push('sent'));
  await expect(sent).resolves.toMatchObject({ ok: true });
  await expect(stuck).resolves.toMatchObject({ ok: false });
  expect(settled).toStrictEqual(['sent', 'stuck']);
});

it('takes an app that was removed for a token that is gone', async () => {
  const token = await fcm.register();
  await fcm.unregister(token);
  const receipt = await clientOf(fcm.settings).send(aPush(token), PATIENTLY);
  expect(receipt).toStrictEqual({
    ok: false,
    failure: 'token_gone',
    providerCode: 'UNREGISTERED',
  });
});

it('takes a token that is not even one for a token that is gone', async () => {
  const receipt = await clientOf(fcm.settings).send(aPush('not-a-token'), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'token_gone', providerCode: 'INVALID_ARGUMENT_TOKEN' });
});

it('does not blame the token for a message that is too big', async () => {
  const token = await fcm.register();
  const receipt = await clientOf(fcm.settings).send(aPush(token, { message: 'x'.repeat(5_000) }), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'message_refused', providerCode: 'INVALID_ARGUMENT' });
});

it('takes a service account without rights in the project for a fault of the configuration', async () => {
  const token = await fcm.register();
  const { serviceAccount, endpoint } = JSON.parse(fcm.settings);
  const foreign = { serviceAccount: { ...serviceAccount, project_id: 'another-project' }, endpoint };
  const receipt = await clientOf(JSON.stringify(foreign)).send(aPush(token), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'misconfigured', providerCode: 'http_403' });
});

it('takes an address where nobody listens for an outage', async () => {
  const gone = await startSimulatedFcm();
  await gone.simulator.stop();
  const receipt = await clientOf(gone.settings).send(aPush('token'), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'provider_unavailable', providerCode: 'connection_broken' });
});

/** As the real service was seen to answer. */
describe('an invalid argument', () => {
  const badRequest = (field: string) => ({
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field, description: '' }],
  });
  const fcmError = { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' };
  it.each([
    ['FCM says no more', [fcmError], 'INVALID_ARGUMENT_TOKEN'],
    ['it is the token', [fcmError, badRequest('message.token')], 'INVALID_ARGUMENT_TOKEN'],
    ['it is the token, said the other way round', [badRequest('message.token'), fcmError], 'INVALID_ARGUMENT_TOKEN'],
    ['it is the message as a whole', [badRequest('message'), fcmError], 'INVALID_ARGUMENT'],
    ['it is the data', [badRequest('message.data'), fcmError], 'INVALID_ARGUMENT'],
    ['it is the shape of the request', [badRequest('message.data[0].value')], 'http_4xx'],
    ['nobody says what', [], 'http_4xx'],
    ['there are no details', undefined, 'http_4xx'],
  ] as const)('when %s: %j → %s', (_name, details, providerCode) => {
    const error = { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.', details };
    const failure = providerCode === 'INVALID_ARGUMENT_TOKEN' ? 'token_gone' : 'message_refused';
    expect(refusalOfFcmReply(400, { error })).toStrictEqual({ ok: false, failure, providerCode });
  });
});

describe('a reply without a code of FCM', () => {
  const google = (code: number, status: string) => ({ error: { code, status, message: '', details: [] } });
  it.each([
    [400, google(400, 'INVALID_ARGUMENT'), 'message_refused', 'http_4xx'],
    [401, google(401, 'UNAUTHENTICATED'), 'misconfigured', 'http_401'],
    [403, google(403, 'PERMISSION_DENIED'), 'misconfigured', 'http_403'],
    [404, google(404, 'NOT_FOUND'), 'misconfigured', 'http_404'],
    [413, null, 'message_refused', 'http_4xx'],
    [429, google(429, 'RESOURCE_EXHAUSTED'), 'throttled', 'http_429'],
    [500, google(500, 'INTERNAL'), 'provider_unavailable', 'http_5xx'],
    [502, {}, 'provider_unavailable', 'http_5xx'],
    [503, 'text', 'provider_unavailable', 'http_5xx'],
    [503, undefined, 'provider_unavailable', 'http_5xx'],
    [503, { error: { details: 'none' } }, 'provider_unavailable', 'http_5xx'],
    [503, { error: { details: [null, 1, 'x', {}] } }, 'provider_unavailable', 'http_5xx'],
    [418, [], 'message_refused', 'http_4xx'],
    [302, undefined, 'provider_unavailable', 'no_message_id'],
    [200, {}, 'provider_unavailable', 'no_message_id'],
  ])('is judged by its status: %d %j → %s', (httpStatus, reply, failure, providerCode) => {
    expect(refusalOfFcmReply(httpStatus, reply)).toStrictEqual({ ok: false, failure, providerCode });
  });

  const fcmErrorOf = (errorCode: string) => ({
    '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
    errorCode,
  });
  it.each([
    ['a code that nobody knows yet', fcmErrorOf('NEW')],
    ['a code of another kind of error', { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', errorCode: 'INTERNAL' }],
    ['a code that is a property of every object', fcmErrorOf('constructor')],
    ['a code that is a word of ours', fcmErrorOf('token_refused')],
  ])('is judged by its status also with %s', (_name, detail) => {
    expect(refusalOfFcmReply(503, { error: { details: [detail] } })).toMatchObject({ providerCode: 'http_5xx' });
  });
});

describe('the time after which FCM may be asked again', () => {
  const nowMs = Date.parse('2030-01-01T00:00:00Z');
  it.each([
    ['seconds', '2', { retryAfterMs: 2_000 }],
    ['no time at all', '0', { retryAfterMs: 0 }],
    ['a date', 'Tue, 01 Jan 2030 00:00:03 GMT', { retryAfterMs: 3_000 }],
    ['a date that is over', 'Mon, 31 Dec 2029 23:59:59 GMT', { retryAfterMs: 0 }],
    ['nothing', undefined, {}],
    ['anything', 'soon', {}],
    ['less than nothing', '-1 second', {}],
  ])('is read from %s', (_name, header, expected) => {
    expect(retryAfterOf(header, nowMs)).toStrictEqual(expected);
  });

  it('is told with the refusal', async () => {
    const token = await fcm.register();
    await fcm.behave({ token, reply: 'QUOTA_EXCEEDED', retryAfterSeconds: 7, next: 1 });
    await expect(clientOf(fcm.settings).send(aPush(token), PATIENTLY)).resolves.toStrictEqual({
      ok: false,
      failure: 'throttled',
      providerCode: 'QUOTA_EXCEEDED',
      retryAfterMs: 7_000,
    });
  });
});
