import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { createFcmHttpV1Client } from '../../activities/adapters/fcm-http-v1.ts';
import type { PushClient } from '../../activities/adapters/push-client.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { acceptOnly, GOOD_SEND, type ScriptedFcm, startScriptedFcm, tokenReply } from './scripted-fcm.ts';

const realNow = Date.now;
let fcm: ScriptedFcm;
let client: PushClient;

beforeEach(async () => {
  fcm = await startScriptedFcm();
  client = createFcmHttpV1Client(fcm.settings, { timeoutMs: 20_000 });
});

afterEach(async () => {
  Date.now = realNow;
  await client.close();
  await fcm.close();
});

/** Lets the clock of the process run ahead. */
function passTime(ms: number): void {
  const before = Date.now;
  Date.now = () => before() + ms;
}

const sixteenSends = () => Promise.all(Array.from({ length: 16 }, () => client.send(aPush('token'), PATIENTLY)));

it('asks for one token for sixteen pushes at once', async () => {
  const receipts = await sixteenSends();
  expect(receipts.every(({ ok }) => ok)).toBe(true);
  expect(fcm.sends.map(({ headers }) => headers.authorization)).toStrictEqual(Array(16).fill('Bearer token-1'));
  expect(fcm.tokenRequests).toHaveLength(1);
});

it('signs for its token as Google asks it to', async () => {
  await client.send(aPush('token'), PATIENTLY);
  const [form] = fcm.tokenRequests;
  expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const assertion = form?.get('assertion') as string;
  const { payload } = await jwtVerify(assertion, createPublicKey(fcm.publicKey), { algorithms: ['RS256'] });
  expect(payload).toStrictEqual({
    iss: 'sender@scripted.example',
    aud: `${fcm.url}/token`,
    scope: 'https://www.googleapis.com/auth/firebase.messaging',
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
  expect((payload.exp as number) - (payload.iat as number)).toBeLessThanOrEqual(3_600);
  expect(decodeProtectedHeader(assertion)).toStrictEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
});

it('uses a token until five minutes before its end, and then asks for another', async () => {
  await client.send(aPush('token'), PATIENTLY);
  passTime(54 * 60_000);
  await client.send(aPush('token'), PATIENTLY);
  expect(fcm.tokenRequests).toHaveLength(1);
  passTime(2 * 60_000);
  await client.send(aPush('token'), PATIENTLY);
  expect(fcm.sends.map(({ headers }) => headers.authorization)).toStrictEqual([
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-2',
  ]);
});

it.each([
  ['ends within the minute', tokenReply('short', 60)],
  ['does not say how long it is good', { status: 200, body: { access_token: 'short' } }],
])('does not keep a token that %s', async (_name, reply) => {
  fcm.onToken = () => reply;
  await client.send(aPush('token'), PATIENTLY);
  await client.send(aPush('token'), PATIENTLY);
  expect(fcm.tokenRequests).toHaveLength(2);
});

describe('a token that was revoked', () => {
  it('is replaced once, and the push goes out', async () => {
    fcm.onSend = acceptOnly('token-2');
    await expect(client.send(aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: true });
    expect(fcm.sends.map(({ headers }) => headers.authorization)).toStrictEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is not replaced a second time', async () => {
    fcm.onSend = acceptOnly('none');
    await expect(client.send(aPush('token'), PATIENTLY)).resolves.toStrictEqual({
      ok: false,
      failure: 'misconfigured',
      providerCode: 'http_401',
    });
    expect(fcm.sends).toHaveLength(2);
    expect(fcm.tokenRequests).toHaveLength(2);
  });

  it('is replaced by one token for sixteen pushes at once', async () => {
    await client.send(aPush('token'), PATIENTLY);
    fcm.onSend = acceptOnly('token-2');
    const receipts = await sixteenSends();
    expect(receipts.map((receipt) => receipt.ok)).toStrictEqual(Array(16).fill(true));
    expect(fcm.tokenRequests).toHaveLength(2);
  });
});

describe('sixteen pushes that share a token request', () => {
  it('do not fail with the one that asked first and gave up', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    fcm.onToken = async (number) => {
      asked.resolve();
      await answer.promise;
      return tokenReply(`token-${number}`);
    };
    const first = client.send(aPush('token'), { ...PATIENTLY, withinMs: 300 });
    await asked.promise;
    const others = sixteenSends();
    await expect(first).resolves.toMatchObject({ ok: false, providerCode: 'timeout' });
    answer.resolve();
    expect((await others).every(({ ok }) => ok)).toBe(true);
    expect(fcm.tokenRequests).toHaveLength(1);
  });

  it('do not throw a fresh token away when a refusal of the old one comes late', async () => {
    await client.send(aPush('token'), PATIENTLY);
    const early = Promise.withResolvers<void>();
    const late = Promise.withResolvers<void>();
    fcm.onSend = async ({ headers, body }) => {
      if (headers.authorization === 'Bearer token-2') return GOOD_SEND;
      if (body.message.token === 'late') {
        early.resolve();
        await late.promise;
      }
      return { status: 401, body: {} };
    };
    const slow = client.send(aPush('late'), PATIENTLY);
    await early.promise;
    await expect(client.send(aPush('quick'), PATIENTLY)).resolves.toMatchObject({ ok: true });
    late.resolve();
    await expect(slow).resolves.toMatchObject({ ok: true });
    expect(fcm.tokenRequests).toHaveLength(2);
  });
});

describe('a token server', () => {
  it.each([
    ['refuses', { status: 400, body: { error: 'invalid_grant' } }, 'misconfigured'],
    ['does not know the client', { status: 401, body: { error: 'invalid_client' } }, 'misconfigured'],
    ['says yes and gives nothing', { status: 200, body: {} }, 'misconfigured'],
    ['refuses with a page for people', { status: 403, body: '<html>', contentType: 'text/html' }, 'misconfigured'],
    ['is broken', { status: 500, body: { error: 'internal_failure' } }, 'provider_unavailable'],
    ['is behind a broken gateway', { status: 502, body: '<html>', contentType: 'text/html' }, 'provider_unavailable'],
    ['cuts the connection', 'drop', 'provider_unavailable'],
  ] as const)('that %s makes it %j → %s, and nothing is sent', async (_name, reply, failure) => {
    fcm.onToken = () => reply;
    const providerCode =
      reply === 'drop' ? 'connection_broken' : failure === 'misconfigured' ? 'token_refused' : 'token_unavailable';
    await expect(client.send(aPush('token'), PATIENTLY)).resolves.toStrictEqual({ ok: false, failure, providerCode });
    expect(fcm.sends).toStrictEqual([]);
  });

  it('that never answers is given up within the deadline of the push', async () => {
    fcm.onToken = () => 'hang';
    const receipt = await client.send(aPush('token'), { ...PATIENTLY, withinMs: 300 });
    expect(receipt).toStrictEqual({ ok: false, failure: 'provider_unavailable', providerCode: 'timeout' });
  });

  it('is asked again after it failed', async () => {
    fcm.onToken = (number) => (number === 1 ? { status: 503, body: {} } : tokenReply('second'));
    await expect(client.send(aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: false });
    await expect(client.send(aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: true });
  });
});

it.each([
  ['a success that is no JSON', { status: 200, body: '<html>', contentType: 'text/html' }, 'provider_unavailable'],
  ['a page of a gateway', { status: 502, body: '<html>', contentType: 'text/html' }, 'provider_unavailable'],
  ['a page that there is nothing', { status: 404, body: '<html>', contentType: 'text/html' }, 'misconfigured'],
  ['a page that asks to slow down', { status: 429, body: '<html>', contentType: 'text/html' }, 'throttled'],
] as const)('takes %s from the push service for %j → %s', async (_name, reply, failure) => {
  fcm.onSend = () => reply;
  await expect(client.send(aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: false, failure });
});

it('does not take a success without a name for a hand-over', async () => {
  fcm.onSend = () => ({ status: 200, body: {} });
  await expect(client.send(aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: false });
});
