import { createFcmLegacyClient } from '../../activities/adapters/fcm-legacy.ts';
import { FCM_LEGACY_ANSWERS, refusalOfLegacyReply } from '../../activities/adapters/fcm-legacy-replies.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type SimulatedFcm, startSimulatedFcm } from './simulated-fcm.ts';

const clients: PushClient[] = [];
let fcm: SimulatedFcm;

beforeAll(async () => {
  fcm = await startSimulatedFcm();
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await fcm.simulator.stop();
});

function clientOf(settings: Readonly<Record<string, unknown>> = {}): PushClient {
  const { serverKey, url } = fcm.simulator;
  const json = JSON.stringify({ serverKey, endpoint: `${url}/fcm/send`, ...settings });
  const client = createFcmLegacyClient(json, { timeoutMs: 20_000 });
  clients.push(client);
  return client;
}

it('hands a push over by the interface before v1, at once and for no longer than the transaction lives', async () => {
  const token = await fcm.register();
  const receipt = await clientOf().send(aPush(token, { message: 'Pay?', timeToLiveSeconds: 17 }), PATIENTLY);
  expect(receipt).toStrictEqual({ ok: true, providerMessageId: expect.stringMatching(/^0:\d+%/) });
  const [message] = await fcm.pushesOf(token);
  expect(message).toStrictEqual({ token, priority: 'high', time_to_live: 17, data: { content: expect.any(String) } });
  expect(JSON.parse(message.data.content)).toMatchObject({ og_profile_id: 'alice', og_message: 'Pay?' });
});

it('sends a notification beside the data where the configuration says so', async () => {
  const token = await fcm.register();
  const client = clientOf({ content: 'notification_and_data', notificationTitle: 'The bank' });
  await client.send(aPush(token, { message: 'Pay?' }), PATIENTLY);
  expect(await fcm.pushesOf(token)).toMatchObject([
    { notification: { title: 'The bank', body: 'Pay?' }, data: { content: expect.any(String) } },
  ]);
});

it.each([
  ['UNREGISTERED', 'token_gone', 'NotRegistered'],
  ['INVALID_ARGUMENT', 'token_gone', 'InvalidRegistration'],
  ['MESSAGE_TOO_BIG', 'message_refused', 'MessageTooBig'],
  ['SENDER_ID_MISMATCH', 'misconfigured', 'MismatchSenderId'],
  ['QUOTA_EXCEEDED', 'throttled', 'DeviceMessageRateExceeded'],
  ['UNAVAILABLE', 'provider_unavailable', 'Unavailable'],
  ['INTERNAL', 'provider_unavailable', 'InternalServerError'],
  ['THIRD_PARTY_AUTH_ERROR', 'misconfigured', 'InvalidApnsCredential'],
  ['UNAUTHENTICATED', 'misconfigured', 'http_401'],
  ['PERMISSION_DENIED', 'misconfigured', 'http_403'],
  ['NOT_FOUND', 'misconfigured', 'http_404'],
  ['RESOURCE_EXHAUSTED', 'throttled', 'http_429'],
  ['BAD_GATEWAY', 'provider_unavailable', 'http_5xx'],
  ['drop', 'provider_unavailable', 'connection_broken'],
])('takes %s for %s (%s), and does not ask a second time', async (reply, failure, providerCode) => {
  const token = await fcm.register();
  await fcm.behave({ token, reply, next: 1, retryAfterSeconds: 5 });
  const client = clientOf();
  const more = reply === 'drop' ? {} : { retryAfterMs: 5_000 };
  const refusal = { ok: false, failure, providerCode, ...more };
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toStrictEqual(refusal);
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
});

it('takes another key for a fault of the configuration', async () => {
  const client = clientOf({ serverKey: 'AAAA-another-key-of-this-form' });
  await expect(client.send(aPush(await fcm.register()), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'misconfigured',
    providerCode: 'http_401',
  });
});

it('has credentials and token checked without sending anything', async () => {
  const token = await fcm.register();
  await expect(clientOf().dryRun?.(undefined, 20_000)).resolves.toMatchObject({ ok: true });
  await expect(clientOf().dryRun?.(token, 20_000)).resolves.toMatchObject({ ok: true });
  await expect(clientOf().dryRun?.('not-a-token', 20_000)).resolves.toMatchObject({
    providerCode: 'InvalidRegistration',
  });
  expect(await fcm.pushesOf(token)).toStrictEqual([]);
});

describe('a reply of the legacy interface', () => {
  it.each(Object.keys(FCM_LEGACY_ANSWERS).filter((answer) => /^[A-Z]/.test(answer)))(
    'with the error %s is a row of the table',
    (error) => {
      expect(refusalOfLegacyReply(200, { results: [{ error }] })).toMatchObject({ providerCode: error });
    },
  );

  it.each([
    ['an error that nobody knows', { results: [{ error: 'NewOne' }] }],
    ['an error that is a word of ours', { results: [{ error: 'http_401' }] }],
    ['an error that is a property of every object', { results: [{ error: 'constructor' }] }],
    ['no results', { success: 1 }],
    ['empty results', { results: [] }],
    ['results that are none', { results: [null] }],
    ['no JSON', undefined],
  ])('with %s is not taken for a hand-over', (_name, reply) => {
    expect(refusalOfLegacyReply(200, reply)).toMatchObject({ providerCode: 'unknown_answer' });
  });
});
