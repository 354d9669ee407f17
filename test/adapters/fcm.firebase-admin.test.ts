import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createFcmHttpV1Client } from '../../activities/adapters/fcm-http-v1.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import { createPushSenders } from '../../activities/adapters/push-senders.ts';
import { makeServerCertificate } from '../../dev/certificates/loopback-certificates.ts';
import { type FcmSimulator, startFcmSimulator } from '../../dev/fcm-simulator.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { controlOf, type SimulatedFcm } from './simulated-fcm.ts';

/** The SDK knows Google's address only; a proxy leads it, and it alone, to the simulated service. */
const certificate = makeServerCertificate(['fcm.googleapis.com', 'oauth2.googleapis.com']);
const trustedBefore = getCACertificates('default');
let simulator: FcmSimulator;
let fcm: Omit<SimulatedFcm, 'simulator' | 'settings'>;
let proxy: ConnectProxy;
let client: PushClient;

beforeAll(async () => {
  setDefaultCACertificates([...trustedBefore, certificate.authority]);
  simulator = await startFcmSimulator({ certificate });
  fcm = controlOf(simulator);
  proxy = await startConnectProxy({
    credentials: 'user:password',
    portFor: (target) => (/^(fcm|oauth2)\.googleapis\.com:443$/.test(target) ? simulator.securePort : undefined),
  });
  client = clientOf({});
});

afterAll(async () => {
  await client.close();
  await proxy.close();
  await simulator.stop();
  setDefaultCACertificates(trustedBefore);
});

function clientOf(settings: Readonly<Record<string, unknown>>): PushClient {
  const { serviceAccount } = simulator;
  const json = JSON.stringify({ serviceAccount, transport: 'firebase-admin', proxyUrl: proxy.url, ...settings });
  return createFcmHttpV1Client(json, { timeoutMs: 20_000 });
}

it('hands a push over by the SDK and through the proxy, as the other transport does', async () => {
  const token = await fcm.register();
  const receipt = await client.send(aPush(token, { timeToLiveSeconds: 17 }), PATIENTLY);
  expect(receipt).toStrictEqual({
    ok: true,
    providerMessageId: expect.stringMatching(/^projects\/countersign-demo\/messages\/.+/),
  });
  expect(await fcm.pushesOf(token)).toStrictEqual([
    { token, data: { content: expect.any(String) }, android: { priority: 'high', ttl: '17s' } },
  ]);
  expect(proxy.asked.some(({ target }) => target === 'fcm.googleapis.com:443')).toBe(true);
});

it('sends a notification beside the data where the configuration says so', async () => {
  const token = await fcm.register();
  const talkative = clientOf({ content: 'notification_and_data', notificationTitle: 'The bank' });
  await talkative.send(aPush(token, { message: 'Pay?' }), PATIENTLY);
  await talkative.close();
  expect(await fcm.pushesOf(token)).toMatchObject([{ notification: { title: 'The bank', body: 'Pay?' } }]);
});

it.each([
  ['UNREGISTERED', 'token_gone', 'UNREGISTERED'],
  ['INVALID_ARGUMENT', 'token_gone', 'INVALID_ARGUMENT_TOKEN'],
  ['MESSAGE_TOO_BIG', 'message_refused', 'INVALID_ARGUMENT'],
  ['SENDER_ID_MISMATCH', 'misconfigured', 'SENDER_ID_MISMATCH'],
  ['QUOTA_EXCEEDED', 'throttled', 'QUOTA_EXCEEDED'],
  ['INTERNAL', 'provider_unavailable', 'INTERNAL'],
  ['THIRD_PARTY_AUTH_ERROR', 'misconfigured', 'THIRD_PARTY_AUTH_ERROR'],
  ['PERMISSION_DENIED', 'misconfigured', 'http_403'],
  ['NOT_FOUND', 'misconfigured', 'http_404'],
  ['BAD_GATEWAY', 'provider_unavailable', 'http_5xx'],
])('takes %s for %s (%s)', async (reply, failure, providerCode) => {
  const token = await fcm.register();
  await fcm.behave({ token, reply, next: 1, retryAfterSeconds: 5 });
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure,
    providerCode,
    retryAfterMs: 5_000,
  });
});

it('replaces an access token that was revoked, once', async () => {
  const token = await fcm.register();
  await fcm.behave({ token, reply: 'UNAUTHENTICATED', next: 1 });
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
  await fcm.behave({ token, reply: 'UNAUTHENTICATED', next: 2 });
  await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: false, providerCode: 'http_401' });
});

it('tells a service account that was revoked from a provider that is out of reach', async () => {
  const other = await startFcmSimulator();
  const revoked = clientOf({
    serviceAccount: { ...other.serviceAccount, token_uri: simulator.serviceAccount.token_uri },
  });
  await expect(revoked.send(aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'misconfigured',
    providerCode: 'token_refused',
  });
  await Promise.all([revoked.close(), other.stop()]);
});

it('tells of a proxy that wants other credentials', async () => {
  const wrong = clientOf({ proxyUrl: proxy.url.replace('password', 'wrong') });
  await expect(wrong.send(aPush('token'), PATIENTLY)).resolves.toMatchObject({ providerCode: 'proxy_refused' });
  await wrong.close();
});

it('holds nobody up longer than a push may take, however long the SDK goes on trying', async () => {
  const { serviceAccount } = simulator;
  const settings = JSON.stringify({ serviceAccount, transport: 'firebase-admin', proxyUrl: proxy.url });
  const configuration = { id: 'main', provider: 'fcm_http_v1', version: 1, settings } as const;
  const senders = createPushSenders({ find: async () => configuration }, { timeoutMs: 500 });
  const token = await fcm.register();
  await fcm.behave({ token, reply: 'UNAVAILABLE', retryAfterSeconds: 2, next: 1 });
  await expect(senders.send('main', aPush(token), { ...PATIENTLY, withinMs: 500 })).resolves.toStrictEqual({
    ok: false,
    failure: 'provider_unavailable',
    providerCode: 'timeout',
  });
  // What it sends late arrives all the same; nobody waits for it any more.
  const late = await fetch(`${simulator.url}/simulator/pushes?token=${encodeURIComponent(token)}&waitSeconds=20`);
  expect(await late.json()).toMatchObject({ pushes: [{}] });
  await senders.close();
});

it('has credentials checked without sending anything', async () => {
  await expect(client.dryRun?.(undefined, 20_000)).resolves.toMatchObject({ ok: true });
  await expect(client.dryRun?.('not-a-token', 20_000)).resolves.toMatchObject({ failure: 'token_gone' });
});
