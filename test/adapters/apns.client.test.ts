import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { validate } from 'uuid';
import { createApnsClient } from '../../activities/adapters/apns-client.ts';
import { createLocalProviderTokenStore } from '../../activities/adapters/provider-token-store.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import type { ProviderTokenStore } from '../../activities/ports.ts';
import { createSigningKey } from '../../dev/apns-simulator/signing-key.ts';
import { makeServerCertificate } from '../../dev/certificates/loopback-certificates.ts';
import { canHandlePush, pendingFromPush } from '../../sdk/push-content.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { type SimulatedApns, startSimulatedApns } from './simulated-apns.ts';

let apns: SimulatedApns;
let client: PushClient;

beforeEach(async () => {
  apns = await startSimulatedApns();
  client = createApnsClient(apns.settings(), { timeoutMs: 20_000 });
});
afterEach(async () => {
  await client.close();
  await apns.simulator.stop();
});

describe('a push', () => {
  it('carries ids and the short message, beside what the system shows', async () => {
    const token = await apns.register();
    const receipt = await client.send(aPush(token), PATIENTLY);
    const [{ headers, payload, environment }] = await apns.pushesOf(token);
    expect(receipt).toStrictEqual({ ok: true, providerMessageId: headers['apns-id'] });
    expect(validate(headers['apns-id'])).toBe(true);
    expect(headers).toStrictEqual({
      'apns-id': headers['apns-id'],
      'apns-topic': 'com.example.bank',
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-expiration': '1800000042',
    });
    expect(environment).toBe('production');
    expect(payload).toStrictEqual({
      aps: { alert: { body: 'Log in?' }, sound: 'default' },
      og_transaction_id: '0190a000-0000-7000-8000-000000000001',
      og_profile_id: 'alice',
      og_message: 'Log in?',
      timestamp: 1_800_000_000_000,
      timeToLiveSeconds: 42,
    });
  });

  it('is understood by the device client as it arrives', async () => {
    const token = await apns.register();
    await client.send(aPush(token), PATIENTLY);
    const [{ payload }] = await apns.pushesOf(token);
    expect(canHandlePush(payload)).toBe(true);
    expect(pendingFromPush(payload)).toMatchObject({ userId: 'alice', message: 'Log in?', timeToLiveSeconds: 42 });
  });

  it('has the same id whenever the same step is sent, and another one for each step', async () => {
    const token = await apns.register();
    const pushes = [aPush(token), aPush(token), aPush(token, { step: 1 })];
    for (const push of pushes) await client.send(push, PATIENTLY);
    const [first, again, next] = (await apns.pushesOf(token)).map(({ headers }) => headers['apns-id']);
    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });

  it('goes to the environment of its app version, with the badge it wants', async () => {
    const token = await apns.register('com.example.other', 'development');
    const address = { topic: 'com.example.other', environment: 'development', badge: 3 } as const;
    await client.send(aPush(token, { apns: address }), PATIENTLY);
    expect(await apns.pushesOf(token)).toMatchObject([{ environment: 'development', payload: { aps: { badge: 3 } } }]);
  });

  it('may be 4096 bytes, and no more', async () => {
    const token = await apns.register();
    const userId = 'é'.repeat(1_900);
    await expect(client.send(aPush(token, { userId }), PATIENTLY)).resolves.toMatchObject({ ok: true });
    const receipt = await client.send(aPush(token, { userId: `${userId}${'x'.repeat(200)}` }), PATIENTLY);
    expect(receipt).toStrictEqual({ ok: false, failure: 'message_refused', providerCode: 'PayloadTooLarge' });
    expect(await apns.pushesOf(token)).toHaveLength(1);
  });

  it.each(['', 'token', '../../x', 'ab'.repeat(101), 'abc', `${'ab'.repeat(32)}?x`])(
    'to %j is refused without asking',
    async (token) => {
      const receipt = await client.send(aPush(token), PATIENTLY);
      expect(receipt).toStrictEqual({ ok: false, failure: 'token_gone', providerCode: 'malformed_device_token' });
      expect(apns.simulator.production.connections()).toBe(0);
    },
  );
});

describe('the provider token', () => {
  it('serves many pushes, and several clients with one store', async () => {
    const providerTokens = createLocalProviderTokenStore();
    const issued: string[] = [];
    const counting = {
      ...providerTokens,
      async issue(...parts: Parameters<typeof providerTokens.issue>) {
        const standing = await providerTokens.issue(...parts);
        issued.push(standing.token);
        return standing;
      },
    };
    const clients = [1, 2, 3].map(() =>
      createApnsClient(apns.settings(), { timeoutMs: 20_000, providerTokens: counting }),
    );
    const token = await apns.register();
    const receipts = await Promise.all(
      Array.from({ length: 30 }, (_, index) => clients[index % 3]?.send(aPush(token), PATIENTLY)),
    );
    expect(receipts.every((receipt) => receipt?.ok)).toBe(true);
    expect(new Set(issued).size).toBe(1);
    await Promise.all(clients.map((one) => one.close()));
  });

  it('is made anew when APNs says that it has expired, where it is old enough', async () => {
    let passedMs = 0;
    const now = () => Date.now() + passedMs;
    const aging = await startSimulatedApns({ now });
    const local = createLocalProviderTokenStore();
    const providerTokens: ProviderTokenStore = {
      async find(signer) {
        return { ...(await local.find(signer)), nowMs: now() };
      },
      issue: local.issue,
    };
    const one = createApnsClient(aging.settings(), { timeoutMs: 20_000, providerTokens });
    const token = await aging.register();
    await expect(one.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
    passedMs = 19 * 60_000;
    await aging.behave({ reply: 'ExpiredProviderToken', next: 1 });
    expect(await one.send(aPush(token), PATIENTLY)).toStrictEqual({
      ok: false,
      failure: 'misconfigured',
      providerCode: 'ExpiredProviderToken',
    });
    passedMs = 21 * 60_000;
    await aging.behave({ reply: 'ExpiredProviderToken', next: 1 });
    await expect(one.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
    await aging.behave({ reply: 'ExpiredProviderToken', next: 2 });
    await expect(one.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ providerCode: 'ExpiredProviderToken' });
    expect(await aging.pushesOf(token)).toHaveLength(2);
    await one.close();
    await aging.simulator.stop();
  });

  it('by a key that Apple does not know is a fault of the configuration', async () => {
    const stranger = createApnsClient(apns.settings({ ...createSigningKey() }), { timeoutMs: 20_000 });
    const receipt = await stranger.send(aPush(await apns.register()), PATIENTLY);
    expect(receipt).toStrictEqual({ ok: false, failure: 'misconfigured', providerCode: 'InvalidProviderToken' });
    await stranger.close();
  });

  it('that can not be read is an outage', async () => {
    const unavailable = async () => {
      throw new Error('no database');
    };
    const providerTokens = { find: unavailable, issue: unavailable };
    const one = createApnsClient(apns.settings(), { timeoutMs: 20_000, providerTokens });
    const receipt = await one.send(aPush(await apns.register()), PATIENTLY);
    expect(receipt).toMatchObject({ failure: 'provider_unavailable', providerCode: 'provider_token_unavailable' });
    await one.close();
  });
});

describe('the connection', () => {
  it('is one for many pushes at once, within what the server allows', async () => {
    apns.simulator.production.allowConcurrentStreams(3);
    const token = await apns.register();
    await apns.behave({ reply: 'accept', delayMs: 5 });
    const receipts = await Promise.all(Array.from({ length: 60 }, () => client.send(aPush(token), PATIENTLY)));
    expect(receipts.filter(({ ok }) => ok)).toHaveLength(60);
    expect(apns.simulator.production.mostAtOnce()).toBe(3);
    expect(apns.simulator.production.connections()).toBe(1);
  });

  it('takes up what the server allows later', async () => {
    const { production } = apns.simulator;
    production.allowConcurrentStreams(1);
    const token = await apns.register();
    await apns.behave({ reply: 'hang', next: 1 });
    const held = client.send(aPush(token), { withinMs: 60_000, onFreshConnection: false });
    const waiting = client.send(aPush(token), PATIENTLY);
    while (production.mostAtOnce() < 1) await new Promise((resolve) => setImmediate(resolve));
    production.allowConcurrentStreams(2);
    await expect(waiting).resolves.toMatchObject({ ok: true });
    production.cutAll();
    await expect(held).resolves.toMatchObject({ providerCode: 'connection_broken' });
  });

  it('turns pushes away at once when a thousand wait', async () => {
    apns.simulator.production.allowConcurrentStreams(1);
    const token = await apns.register();
    await client.send(aPush(token), PATIENTLY);
    await apns.behave({ reply: 'hang' });
    const attempt = { withinMs: 2_000, onFreshConnection: false };
    const receipts = await Promise.all(Array.from({ length: 1_005 }, () => client.send(aPush(token), attempt)));
    const codes = receipts.map((receipt) => (receipt.ok ? 'ok' : receipt.providerCode));
    expect(codes.filter((code) => code === 'line_full')).toHaveLength(4);
    expect(codes.filter((code) => code === 'timeout')).toHaveLength(1_001);
  });

  it('that is announced to end gets no new pushes, and answers those under way', async () => {
    const token = await apns.register();
    await client.send(aPush(token), PATIENTLY);
    await apns.behave({ reply: 'goaway', next: 1, delayMs: 20 });
    const receipts = await Promise.all(Array.from({ length: 40 }, () => client.send(aPush(token), PATIENTLY)));
    expect(receipts.filter(({ ok }) => ok)).toHaveLength(40);
    expect(await apns.pushesOf(token)).toHaveLength(41);
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
  });

  it('that ends without having taken a push leaves it to the next one', async () => {
    const token = await apns.register();
    await client.send(aPush(token), PATIENTLY);
    await apns.behave({ reply: 'goaway_refusing', next: 1 });
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
    expect(await apns.pushesOf(token)).toHaveLength(2);
    await apns.behave({ reply: 'goaway_refusing' });
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toStrictEqual({
      ok: false,
      failure: 'provider_unavailable',
      providerCode: 'left_undone',
    });
  });

  it('that ends again and again among many pushes neither loses one nor hands one over twice', async () => {
    const tokens = await Promise.all(Array.from({ length: 120 }, () => apns.register()));
    const endings = ['goaway', 'goaway_refusing', 'goaway', 'goaway_refusing', 'goaway_refusing'];
    for (const [index, reply] of endings.entries()) {
      await apns.behave({ token: tokens[index * 20 + 10], reply, next: 1 });
    }
    const receipts = await Promise.all(tokens.map((token) => client.send(aPush(token), PATIENTLY)));
    for (const [index, receipt] of receipts.entries()) {
      // Two connections in a row may have left it undone; then it must not have arrived.
      if (!receipt.ok) expect(receipt.providerCode).toBe('left_undone');
      expect(await apns.pushesOf(tokens[index] as string)).toHaveLength(receipt.ok ? 1 : 0);
    }
    expect(receipts.filter(({ ok }) => ok).length).toBeGreaterThan(0);
  });

  it.each(['reset', 'drop', 'goaway_error'])('that breaks off by "%s" is an outage, and is replaced', async (reply) => {
    const token = await apns.register();
    await apns.behave({ reply, next: 1 });
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toStrictEqual({
      ok: false,
      failure: 'provider_unavailable',
      providerCode: 'connection_broken',
    });
    const again = { ...PATIENTLY, onFreshConnection: true };
    await expect(client.send(aPush(token), again)).resolves.toMatchObject({ ok: true });
  });

  it('is left when APNs says that this server is about to end', async () => {
    const token = await apns.register();
    await apns.behave({ reply: 'Shutdown', next: 1 });
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ providerCode: 'Shutdown' });
    await expect(client.send(aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
  });

  it('that hangs holds a push no longer than it was given', async () => {
    await apns.behave({ reply: 'hang' });
    const receipt = await client.send(aPush(await apns.register()), { withinMs: 150, onFreshConnection: false });
    expect(receipt).toStrictEqual({ ok: false, failure: 'provider_unavailable', providerCode: 'timeout' });
  });

  it('to nobody is an outage', async () => {
    const endpoints = { production: 'https://127.0.0.1:1' };
    const one = createApnsClient(apns.settings({ endpoints }), { timeoutMs: 20_000 });
    const receipt = await one.send(aPush(await apns.register()), PATIENTLY);
    expect(receipt).toMatchObject({ failure: 'provider_unavailable', providerCode: 'connection_broken' });
    await one.close();
  });

  it('that does not come about leaves time for another one', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const endpoints = { production: `https://127.0.0.1:${port}` };
    const one = createApnsClient(apns.settings({ endpoints }), { timeoutMs: 400 });
    const receipt = await one.send(aPush(await apns.register()), PATIENTLY);
    expect(receipt).toMatchObject({ failure: 'provider_unavailable', providerCode: 'timeout' });
    await one.close();
    silent.close();
  });

  it('to a server that does not speak HTTP/2 is an outage', async () => {
    const { certificate, privateKey, authority } = makeServerCertificate(['127.0.0.1']);
    const old = createTlsServer({ cert: certificate, key: privateKey });
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    const { port } = old.address() as AddressInfo;
    const changes = { endpoints: { production: `https://127.0.0.1:${port}` }, certificateAuthority: authority };
    const one = createApnsClient(apns.settings(changes), { timeoutMs: 20_000 });
    const receipt = await one.send(aPush(await apns.register()), PATIENTLY);
    expect(receipt).toMatchObject({ failure: 'provider_unavailable', providerCode: 'connection_broken' });
    await one.close();
    old.close();
  });

  it('to a server whose certificate is not trusted is a fault of the configuration', async () => {
    const one = createApnsClient(apns.settings({ certificateAuthority: undefined }), { timeoutMs: 20_000 });
    const receipt = await one.send(aPush(await apns.register()), PATIENTLY);
    expect(receipt).toMatchObject({ failure: 'misconfigured', providerCode: 'certificate_untrusted' });
    await one.close();
  });

  it('is closed after what was under way has ended', async () => {
    const token = await apns.register();
    await apns.behave({ reply: 'accept', delayMs: 30 });
    const sending = client.send(aPush(token), PATIENTLY);
    await client.close();
    await expect(sending).resolves.toMatchObject({ ok: true });
  });
});
