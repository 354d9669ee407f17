import { createFcmHttpV1Client } from '../../activities/adapters/fcm-http-v1.ts';
import { failureOfFcmReply } from '../../activities/adapters/fcm-replies.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
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

it.each([
  ['UNREGISTERED', 'token_gone'],
  ['SENDER_ID_MISMATCH', 'misconfigured'],
  ['QUOTA_EXCEEDED', 'throttled'],
  ['UNAVAILABLE', 'provider_unavailable'],
  ['INTERNAL', 'provider_unavailable'],
  ['THIRD_PARTY_AUTH_ERROR', 'misconfigured'],
  ['drop', 'provider_unavailable'],
])('takes %s for %s, and does not ask a second time', async (reply, failure) => {
  const token = await fcm.register();
  await fcm.behave({ token, reply, next: 1 });
  const client = clientOf(fcm.settings);
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toStrictEqual({ ok: false, failure });
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
  });
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
  expect(receipt).toStrictEqual({ ok: false, failure: 'token_gone' });
});

it('takes a token that is not even one for a token that is gone', async () => {
  const receipt = await clientOf(fcm.settings).send(aPush('not-a-token'), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'token_gone' });
});

it('does not blame the token for a message that is too big', async () => {
  const token = await fcm.register();
  const receipt = await clientOf(fcm.settings).send(aPush(token, { message: 'x'.repeat(5_000) }), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'message_refused' });
});

it('takes a service account without rights in the project for a fault of the configuration', async () => {
  const token = await fcm.register();
  const { serviceAccount, endpoint } = JSON.parse(fcm.settings);
  const foreign = { serviceAccount: { ...serviceAccount, project_id: 'another-project' }, endpoint };
  const receipt = await clientOf(JSON.stringify(foreign)).send(aPush(token), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'misconfigured' });
});

it('takes an address where nobody listens for an outage', async () => {
  const gone = await startSimulatedFcm();
  await gone.simulator.stop();
  const receipt = await clientOf(gone.settings).send(aPush('token'), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: false, failure: 'provider_unavailable' });
});

/** As the real service was seen to answer. */
describe('an invalid argument', () => {
  const badRequest = (field: string) => ({
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field, description: '' }],
  });
  const fcmError = { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' };
  it.each([
    ['FCM says no more', [fcmError], 'token_gone'],
    ['it is the token', [fcmError, badRequest('message.token')], 'token_gone'],
    ['it is the token, said the other way round', [badRequest('message.token'), fcmError], 'token_gone'],
    ['it is the message as a whole', [badRequest('message'), fcmError], 'message_refused'],
    ['it is the data', [badRequest('message.data'), fcmError], 'message_refused'],
    ['it is the shape of the request', [badRequest('message.data[0].value')], 'message_refused'],
    ['nobody says what', [], 'message_refused'],
    ['there are no details', undefined, 'message_refused'],
  ])('when %s: %j → %s', (_name, details, failure) => {
    const error = { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.', details };
    expect(failureOfFcmReply(400, { error })).toStrictEqual({ failure });
  });
});

describe('a reply without a code of FCM', () => {
  const google = (code: number, status: string) => ({ error: { code, status, message: '', details: [] } });
  it.each([
    [400, google(400, 'INVALID_ARGUMENT'), { failure: 'message_refused' }],
    [401, google(401, 'UNAUTHENTICATED'), { failure: 'misconfigured', unauthenticated: true }],
    [403, google(403, 'PERMISSION_DENIED'), { failure: 'misconfigured' }],
    [404, google(404, 'NOT_FOUND'), { failure: 'misconfigured' }],
    [413, null, { failure: 'message_refused' }],
    [429, google(429, 'RESOURCE_EXHAUSTED'), { failure: 'throttled' }],
    [500, google(500, 'INTERNAL'), { failure: 'provider_unavailable' }],
    [502, {}, { failure: 'provider_unavailable' }],
    [503, 'text', { failure: 'provider_unavailable' }],
    [503, { error: { details: 'none' } }, { failure: 'provider_unavailable' }],
    [503, { error: { details: [null, 1, 'x', {}] } }, { failure: 'provider_unavailable' }],
    [418, [], { failure: 'message_refused' }],
  ])('is judged by its status: %d %j', (httpStatus, reply, expected) => {
    expect(failureOfFcmReply(httpStatus, reply)).toStrictEqual(expected);
  });

  it.each([
    [
      'a code that nobody knows yet',
      { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'NEW' },
    ],
    [
      'a code of another kind of error',
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', errorCode: 'UNREGISTERED' },
    ],
    [
      'a code that is a property of every object',
      { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'constructor' },
    ],
  ])('is judged by its status also with %s', (_name, detail) => {
    expect(failureOfFcmReply(503, { error: { details: [detail] } })).toStrictEqual({ failure: 'provider_unavailable' });
  });
});
