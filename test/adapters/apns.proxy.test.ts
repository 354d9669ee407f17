import { createApnsClient } from '../../activities/adapters/apns-client.ts';
import { createLocalProviderTokenStore } from '../../activities/adapters/provider-token-store.ts';
import type { ProviderTokenStore, PushReceipt } from '../../activities/ports.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { type SimulatedApns, startSimulatedApns } from './simulated-apns.ts';

let apns: SimulatedApns;
let providerTokens: ProviderTokenStore;
let proxy: ConnectProxy | undefined;

beforeEach(async () => {
  apns = await startSimulatedApns();
  providerTokens = createLocalProviderTokenStore();
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await apns.simulator.stop();
});

/** Sends this many pushes by a client of its own. */
async function sendAll(settings: string, proxyUrl: string | undefined, count = 1): Promise<PushReceipt[]> {
  const client = createApnsClient(settings, { timeoutMs: 20_000, proxyUrl, providerTokens });
  const token = await apns.register();
  const receipts = await Promise.all(Array.from({ length: count }, () => client.send(aPush(token), PATIENTLY)));
  await client.close();
  return receipts;
}

it('opens one tunnel for all pushes, with TLS inside', async () => {
  proxy = await startConnectProxy();
  const receipts = await sendAll(apns.settings(), proxy.url, 20);
  expect(receipts.filter(({ ok }) => ok)).toHaveLength(20);
  const target = new URL(apns.simulator.production.url).host;
  expect(proxy.asked).toStrictEqual([{ target, authorization: undefined }]);
});

it('says who it is with the first request, where the proxy wants to know', async () => {
  proxy = await startConnectProxy({ credentials: 'sender:pa:ss wörd' });
  expect(await sendAll(apns.settings(), proxy.url)).toMatchObject([{ ok: true }]);
  expect(proxy.asked).toHaveLength(1);
});

it.each<[number | undefined, string, string]>([
  [undefined, 'misconfigured', 'proxy_refused'],
  [403, 'misconfigured', 'proxy_refused'],
  [502, 'provider_unavailable', 'proxy_unavailable'],
])('tells what a proxy that refuses with %s means', async (refusal, failure, providerCode) => {
  proxy = await startConnectProxy(refusal === undefined ? { credentials: 'a:b' } : { refusal });
  const receipts = await sendAll(apns.settings(), `http://127.0.0.1:${proxy.port}`);
  expect(receipts).toStrictEqual([{ ok: false, failure, providerCode }]);
});

it("goes by the configuration's own proxy before the installation's, and by none where it says so", async () => {
  proxy = await startConnectProxy();
  const nowhere = 'http://127.0.0.1:1';
  expect(await sendAll(apns.settings({ proxyUrl: proxy.url }), nowhere)).toMatchObject([{ ok: true }]);
  expect(proxy.asked).toHaveLength(1);
  expect(await sendAll(apns.settings({ proxyUrl: null }), nowhere)).toMatchObject([{ ok: true }]);
  expect(await sendAll(apns.settings(), nowhere)).toMatchObject([{ providerCode: 'connection_broken' }]);
});
