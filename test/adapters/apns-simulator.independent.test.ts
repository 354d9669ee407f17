import { randomUUID } from 'node:crypto';
import { type ClientHttp2Session, connect } from 'node:http2';
import apn from '@parse/node-apn';
import { importPKCS8, SignJWT } from 'jose';
import { createSigningKey, type SigningKey } from '../../dev/apns-simulator/signing-key.ts';
import { type ApnsSimulator, startApnsSimulator } from '../../dev/apns-simulator.ts';

/**
 * Senders with nothing of ours: the library @parse/node-apn as it is, and requests written from Apple's documents alone.
 * The simulator must serve them, and refuse them what the real service refuses.
 */
const TOPIC = 'com.example.bank';
let simulator: ApnsSimulator;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.now();
  simulator = await startApnsSimulator({ now: () => nowMs });
});
afterEach(() => simulator.stop());

async function register(environment = 'production', topic = TOPIC): Promise<string> {
  const response = await fetch(`${simulator.url}/simulator/registrations`, {
    method: 'POST',
    body: JSON.stringify({ topic, environment }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function behave(behaviour: object): Promise<void> {
  await fetch(`${simulator.url}/simulator/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
}

async function pushesOf(token: string) {
  const response = await fetch(`${simulator.url}/simulator/pushes?token=${token}`);
  // biome-ignore lint/suspicious/noExplicitAny: messages are looked at field by field
  return ((await response.json()) as { pushes: { message: any }[] }).pushes.map(({ message }) => message);
}

describe('@parse/node-apn', () => {
  let provider: apn.Provider;

  beforeEach(() => {
    const { teamId, keyId, privateKey } = simulator.signingKey;
    const options = {
      token: { teamId, keyId, key: Buffer.from(privateKey) },
      address: '127.0.0.1',
      port: simulator.production.port,
      ca: simulator.authority,
      production: true,
    };
    provider = new apn.Provider(options as unknown as apn.ProviderOptions);
  });
  afterEach(() => provider.shutdown());

  function notification(): apn.Notification {
    const note = new apn.Notification({ alert: 'Hello', sound: 'default', payload: { story: 1 } });
    note.topic = TOPIC;
    note.id = randomUUID();
    note.expiry = Math.floor(nowMs / 1_000) + 60;
    note.priority = 10;
    note.pushType = 'alert';
    note.collapseId = 'news';
    return note;
  }

  it('sends', async () => {
    const token = await register();
    const note = notification();
    const result = await provider.send(note, token);
    expect(result).toMatchObject({ sent: [{ device: token }], failed: [] });
    expect(await pushesOf(token)).toMatchObject([
      {
        environment: 'production',
        topic: TOPIC,
        headers: { 'apns-id': note.id, 'apns-priority': '10', 'apns-collapse-id': 'news', 'apns-push-type': 'alert' },
        payload: { aps: { alert: 'Hello', sound: 'default' }, story: 1 },
      },
    ]);
  });

  it('sends to many at once over one connection', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => register()));
    const { sent, failed } = await provider.send(notification(), tokens);
    expect([sent.length, failed.length, simulator.production.connections()]).toStrictEqual([50, 0, 1]);
  });

  it.each(['BadDeviceToken', 'Unregistered', 'BadTopic', 'Forbidden', 'PayloadTooLarge'])(
    'understands the refusal %s',
    async (reason) => {
      await behave({ reply: reason, next: 1 });
      const { failed } = await provider.send(notification(), await register());
      expect(failed).toMatchObject([{ response: { reason } }]);
    },
  );

  it('finds its way back after the connection was announced to end', async () => {
    const [first, second] = await Promise.all([register(), register()]);
    await behave({ reply: 'goaway', next: 1 });
    expect((await provider.send(notification(), first)).failed).toStrictEqual([]);
    expect((await provider.send(notification(), second)).failed).toStrictEqual([]);
    expect(await pushesOf(second)).toHaveLength(1);
  });
});

describe('a sender of its own', () => {
  const sessions: ClientHttp2Session[] = [];
  afterEach(() => {
    for (const session of sessions.splice(0)) session.destroy();
  });

  async function providerToken(claims: Record<string, unknown> = {}, key: SigningKey = simulator.signingKey) {
    const all = { iss: key.teamId, iat: Math.floor(nowMs / 1_000), ...claims };
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'ES256', kid: key.keyId })
      .sign(await importPKCS8(key.privateKey, 'ES256'));
  }

  interface Sending {
    readonly host?: string;
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Record<string, string | string[] | undefined>;
    readonly body?: string;
  }

  async function send({ host = simulator.production.url, method = 'POST', path, headers, body }: Sending) {
    const session = connect(host, { ca: simulator.authority });
    sessions.push(session);
    const usual = { authorization: `bearer ${await providerToken()}`, 'apns-topic': TOPIC, 'apns-push-type': 'alert' };
    const given = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== undefined);
    const stream = session.request({
      ':method': method,
      ':path': path ?? `/3/device/${await register()}`,
      ...Object.fromEntries(given),
    });
    stream.end(body ?? '{"aps":{"alert":"Hello"}}');
    const status = await new Promise<number>((resolve) => {
      stream.once('response', (response) => resolve(response[':status'] as number));
    });
    const text = Buffer.concat(await stream.toArray()).toString();
    return [status, text === '' ? undefined : JSON.parse(text).reason];
  }

  it('sends with the least that is needed', async () => {
    expect(await send({})).toStrictEqual([200, undefined]);
  });

  it.each<[string, Sending, number, string]>([
    ['another address', { path: '/3/devices/ab' }, 404, 'BadPath'],
    ['another method', { method: 'PUT', path: `/3/device/${'ab'.repeat(32)}` }, 405, 'MethodNotAllowed'],
    ['no device token', { path: '/3/device/' }, 400, 'MissingDeviceToken'],
    ['a device token that is none', { path: '/3/device/hello' }, 400, 'BadDeviceToken'],
    ['no topic', { headers: { 'apns-topic': undefined } }, 400, 'MissingTopic'],
    ['a topic that is none', { headers: { 'apns-topic': 'com/example' } }, 400, 'BadTopic'],
    ['the topic of another app', { headers: { 'apns-topic': 'com.example.other' } }, 400, 'DeviceTokenNotForTopic'],
    ['a push type that there is not', { headers: { 'apns-push-type': 'alarm' } }, 400, 'InvalidPushType'],
    ['a priority that there is not', { headers: { 'apns-priority': '7' } }, 400, 'BadPriority'],
    ['a background push in haste', { headers: { 'apns-push-type': 'background' } }, 400, 'BadPriority'],
    ['an end in words', { headers: { 'apns-expiration': 'tomorrow' } }, 400, 'BadExpirationDate'],
    ['an id that is no UUID', { headers: { 'apns-id': '17' } }, 400, 'BadMessageId'],
    ['a long collapse id', { headers: { 'apns-collapse-id': 'x'.repeat(65) } }, 400, 'BadCollapseId'],
    ['a header twice', { headers: { 'x-trace': ['a', 'b'] } }, 400, 'DuplicateHeaders'],
    ['nothing', { body: '' }, 400, 'PayloadEmpty'],
    ['something that is not for an app', { body: '{"alert":"Hello"}' }, 400, 'PayloadEmpty'],
    ['too much', { body: JSON.stringify({ aps: {}, x: 'x'.repeat(4_096) }) }, 413, 'PayloadTooLarge'],
    ['no provider token', { headers: { authorization: undefined } }, 403, 'MissingProviderToken'],
    ['a provider token that is none', { headers: { authorization: 'bearer x.y.z' } }, 403, 'InvalidProviderToken'],
  ])('is refused %s', async (_what, sending, status, reason) => {
    expect(await send(sending)).toStrictEqual([status, reason]);
  });

  it('may send exactly 4096 bytes', async () => {
    const frame = JSON.stringify({ aps: {}, x: '' }).length;
    expect(await send({ body: JSON.stringify({ aps: {}, x: 'x'.repeat(4_096 - frame) }) })).toStrictEqual([
      200,
      undefined,
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['of another team', { iss: 'OTHERTEAM1' }, 'InvalidProviderToken'],
    ['without its time', { iat: undefined }, 'InvalidProviderToken'],
    ['from tomorrow', { iat: Math.floor(Date.now() / 1_000) + 86_400 }, 'InvalidProviderToken'],
    ['that is older than an hour', { iat: Math.floor(Date.now() / 1_000) - 3_700 }, 'ExpiredProviderToken'],
  ])('is refused a provider token %s', async (_what, claims, reason) => {
    const headers = { authorization: `bearer ${await providerToken(claims)}` };
    expect(await send({ headers })).toStrictEqual([403, reason]);
  });

  it('is refused a provider token by a key that is unknown, revoked, or another', async () => {
    const tokenOf = async (key: SigningKey) => ({ authorization: `bearer ${await providerToken({}, key)}` });
    const known = createSigningKey(simulator.signingKey.teamId);
    const another = { ...createSigningKey(known.teamId), keyId: known.keyId };
    expect(await send({ headers: await tokenOf(known) })).toStrictEqual([403, 'InvalidProviderToken']);
    simulator.providerTokens.register(known);
    expect(await send({ headers: await tokenOf(another) })).toStrictEqual([403, 'InvalidProviderToken']);
    expect(await send({ headers: await tokenOf(known) })).toStrictEqual([200, undefined]);
    simulator.providerTokens.revoke(known.keyId);
    expect(await send({ headers: await tokenOf(known) })).toStrictEqual([403, 'InvalidProviderToken']);
  });

  it('is refused a new provider token within twenty minutes, and the old one after an hour', async () => {
    const first = { authorization: `bearer ${await providerToken()}` };
    expect(await send({ headers: first })).toStrictEqual([200, undefined]);
    nowMs += 19 * 60_000;
    const early = { authorization: `bearer ${await providerToken()}` };
    expect(await send({ headers: early })).toStrictEqual([429, 'TooManyProviderTokenUpdates']);
    nowMs += 42 * 60_000;
    expect(await send({ headers: first })).toStrictEqual([403, 'ExpiredProviderToken']);
    expect(await send({ headers: { authorization: `bearer ${await providerToken()}` } })).toStrictEqual([
      200,
      undefined,
    ]);
  });

  it('reaches a phone in its own environment alone', async () => {
    const path = `/3/device/${await register('development')}`;
    const headers = { authorization: `bearer ${await providerToken()}` };
    expect(await send({ path, headers })).toStrictEqual([400, 'BadDeviceToken']);
    expect(await send({ path, headers, host: simulator.development.url })).toStrictEqual([200, undefined]);
  });

  it('learns since when an app is gone', async () => {
    const token = await register();
    await fetch(`${simulator.url}/simulator/registrations/${token}`, { method: 'DELETE' });
    expect(await send({ path: `/3/device/${token}` })).toStrictEqual([410, 'Unregistered']);
    expect(await pushesOf(token)).toStrictEqual([]);
  });

  it('is shown, with what it sent, on a page that runs nothing of it', async () => {
    await send({ body: JSON.stringify({ aps: { alert: '<script>alert(1)</script>' } }) });
    const page = await (await fetch(simulator.url)).text();
    expect(page).toContain(TOPIC);
    expect(page).not.toContain('<script');
  });
});
