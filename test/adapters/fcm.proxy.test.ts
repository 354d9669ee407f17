import { createFcmHttpV1Client } from '../../activities/adapters/fcm-http-v1.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { type SimulatedFcm, startSimulatedFcm } from './simulated-fcm.ts';

let fcm: SimulatedFcm;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  fcm = await startSimulatedFcm();
});

afterAll(() => fcm.simulator.stop());

afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function startProxy(options: Parameters<typeof startConnectProxy>[0] = {}): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(options);
  closing.push(proxy);
  return proxy;
}

/** `ofConfiguration` is the configuration's own word on proxies, `ofInstallation` the installation's. */
function clientOf(ofConfiguration?: string | null, ofInstallation?: string): PushClient {
  const settings = { ...JSON.parse(fcm.settings), ...(ofConfiguration !== undefined && { proxyUrl: ofConfiguration }) };
  const client = createFcmHttpV1Client(JSON.stringify(settings), { timeoutMs: 20_000, proxyUrl: ofInstallation });
  closing.push(client);
  return client;
}

const hostOf = (url: string) => new URL(url).host;

it('sends everything through the proxy of the installation, access token and push, on tunnels that are kept', async () => {
  const proxy = await startProxy();
  const client = clientOf(undefined, proxy.url);
  const token = await fcm.register();
  for (let number = 0; number < 20; number += 1) {
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
  }
  expect(await fcm.pushesOf(token)).toHaveLength(20);
  // The pool has eight connections at most.
  expect(proxy.asked.length).toBeLessThanOrEqual(8);
  const expected = { target: hostOf(fcm.simulator.url), authorization: undefined };
  expect(proxy.asked).toStrictEqual(Array(proxy.asked.length).fill(expected));
});

it('shows user and password to the proxy with the first request', async () => {
  const proxy = await startProxy({ credentials: 'user@corp:p:ss/w%rd' });
  await expect(clientOf(proxy.url).send(aPush(await fcm.register()), PATIENTLY)).resolves.toMatchObject({ ok: true });
  const authorization = `Basic ${Buffer.from('user@corp:p:ss/w%rd').toString('base64')}`;
  expect(proxy.asked.map((asked) => asked.authorization)).toStrictEqual(Array(proxy.asked.length).fill(authorization));
});

it('goes by the configuration before the installation, also where that says no proxy', async () => {
  const [ofConfiguration, ofInstallation] = [await startProxy(), await startProxy()];
  const token = await fcm.register();
  await clientOf(ofConfiguration.url, ofInstallation.url).send(aPush(token), PATIENTLY);
  await clientOf(null, ofInstallation.url).send(aPush(token), PATIENTLY);
  expect(await fcm.pushesOf(token)).toHaveLength(2);
  expect(ofConfiguration.asked.length).toBeGreaterThan(0);
  expect(ofInstallation.asked).toHaveLength(0);
});

it.each([
  ['wants other credentials', { credentials: 'user:right' }, 'misconfigured', 'proxy_refused'],
  ['does not let us through', { refusal: 403 }, 'misconfigured', 'proxy_refused'],
  ['does not get through', { refusal: 502 }, 'provider_unavailable', 'proxy_unavailable'],
  ['is overloaded', { refusal: 503 }, 'provider_unavailable', 'proxy_unavailable'],
])('tells of a proxy that %s', async (_name, options, failure, providerCode) => {
  const proxy = await startProxy(options);
  const client = clientOf(proxy.url.replace('user:right', 'user:wrong'));
  await expect(client.send(aPush('token'), PATIENTLY)).resolves.toStrictEqual({ ok: false, failure, providerCode });
});

it('tells of a proxy that is not there', async () => {
  const proxy = await startConnectProxy();
  await proxy.close();
  await expect(clientOf(proxy.url).send(aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'provider_unavailable',
    providerCode: 'connection_broken',
  });
});

it('opens a tunnel of its own for a second try', async () => {
  const proxy = await startProxy();
  const client = clientOf(proxy.url);
  const token = await fcm.register();
  await client.send(aPush(token), PATIENTLY);
  const before = proxy.asked.length;
  await expect(client.send(aPush(token), { ...PATIENTLY, onFreshConnection: true })).resolves.toMatchObject({
    ok: true,
  });
  expect(proxy.asked).toHaveLength(before + 1);
});
