import { importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { type FcmSimulator, startFcmSimulator } from '../../dev/fcm-simulator.ts';

/**
 * A sender written from Google's documents alone, with nothing of ours: the simulator must serve it, and refuse it
 * what the real service refuses.
 */
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

let simulator: FcmSimulator;
let stranger: FcmSimulator;
let accessToken: string;

beforeAll(async () => {
  [simulator, stranger] = await Promise.all([startFcmSimulator(), startFcmSimulator()]);
  accessToken = (await exchange(await assertionOf())).body.access_token;
});

afterAll(async () => {
  await Promise.all([simulator.stop(), stranger.stop()]);
});

async function assertionOf(
  claims: Readonly<Record<string, unknown>> = {},
  privateKey = simulator.serviceAccount.private_key,
) {
  const account = simulator.serviceAccount;
  const iat = Math.floor(Date.now() / 1_000);
  const all = { iss: account.client_email, scope: SCOPE, aud: account.token_uri, iat, exp: iat + 3_600, ...claims };
  return new SignJWT(all as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid: account.private_key_id })
    .sign(await importPKCS8(privateKey, 'RS256'));
}

async function exchange(assertion: string, grantType = GRANT_TYPE) {
  const response = await fetch(simulator.serviceAccount.token_uri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: grantType, assertion }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a reply is looked at field by field
  return { status: response.status, body: (await response.json()) as any };
}

async function register(): Promise<string> {
  const response = await fetch(`${simulator.url}/simulator/registrations`, { method: 'POST' });
  return ((await response.json()) as { token: string }).token;
}

async function send(body: unknown, { token = accessToken, project = simulator.serviceAccount.project_id } = {}) {
  const response = await fetch(`${simulator.url}/v1/projects/${project}/messages:send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a reply is looked at field by field
  return { status: response.status, body: (await response.json()) as any };
}

const fcmCodeOf = (reply: { body: { error?: { details?: { '@type': string; errorCode?: string }[] } } }) =>
  reply.body.error?.details?.find(({ '@type': type }) => type.endsWith('google.firebase.fcm.v1.FcmError'))?.errorCode;

describe('an independent sender', () => {
  it('gets an access token for about an hour', async () => {
    const { status, body } = await exchange(await assertionOf());
    expect(status).toBe(200);
    expect(body).toStrictEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3_599,
      token_type: 'Bearer',
    });
  });

  it('sends a notification with options that we never use', async () => {
    const token = await register();
    const message = {
      token,
      notification: { title: 'Hello', body: 'World' },
      data: { story: '1' },
      android: { collapse_key: 'news', priority: 'NORMAL', ttl: '3.5s', notification: { channel_id: 'news' } },
      apns: { headers: { 'apns-priority': '10' }, payload: { aps: { alert: 'Hello' } } },
      fcm_options: { analytics_label: 'news' },
    };
    const { status, body } = await send({ message });
    expect(status).toBe(200);
    expect(body).toStrictEqual({ name: expect.stringMatching(/^projects\/countersign-demo\/messages\/.+$/) });
    const arrived = await fetch(`${simulator.url}/simulator/pushes?token=${encodeURIComponent(token)}`);
    expect(await arrived.json()).toMatchObject({ pushes: [{ message }] });
  });

  it('may write names as the definition does or as JSON does', async () => {
    const token = await register();
    const camel = await send({ message: { token, android: { collapseKey: 'a', directBootOk: true } } });
    const snake = await send({ message: { token, android: { collapse_key: 'a', direct_boot_ok: true } } });
    expect([camel.status, snake.status]).toStrictEqual([200, 200]);
  });

  it('may have a message checked without sending it', async () => {
    const token = await register();
    expect((await send({ validate_only: true, message: { token } })).status).toBe(200);
    const arrived = await fetch(`${simulator.url}/simulator/pushes?token=${encodeURIComponent(token)}`);
    expect(await arrived.json()).toStrictEqual({ pushes: [] });
  });

  it('may send exactly 4096 bytes of data, and not one more', async () => {
    const token = await register();
    const fits = await send({ message: { token, data: { k: 'x'.repeat(4_095) } } });
    const tooBig = await send({ message: { token, data: { k: 'x'.repeat(4_096) } } });
    expect([fits.status, tooBig.status]).toStrictEqual([200, 400]);
    expect(fcmCodeOf(tooBig)).toBe('INVALID_ARGUMENT');
  });
});

/** The interface before v1, as its documents had it. */
describe('an independent sender of the legacy interface', () => {
  async function sendLegacy(body: unknown, key = simulator.serverKey) {
    const response = await fetch(`${simulator.url}/fcm/send`, {
      method: 'POST',
      headers: { authorization: `key=${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? await response.json() : undefined };
  }

  it('sends a notification with data and options', async () => {
    const to = await register();
    const message = { notification: { title: 'Hello', body: 'World' }, data: { story: '1' }, collapse_key: 'news' };
    expect(await sendLegacy({ to, priority: 'normal', time_to_live: 0, ...message })).toMatchObject({
      status: 200,
      body: { multicast_id: expect.any(Number), success: 1, failure: 0, results: [{ message_id: expect.any(String) }] },
    });
    const arrived = await fetch(`${simulator.url}/simulator/pushes?token=${encodeURIComponent(to)}`);
    expect(await arrived.json()).toMatchObject({ pushes: [{ message: { token: to, ...message } }] });
  });

  it('may have a message checked without sending it', async () => {
    const to = await register();
    expect(await sendLegacy({ to, dry_run: true })).toMatchObject({ body: { success: 1 } });
    expect(await sendLegacy({ to: '/topics/news', dry_run: true })).toMatchObject({
      status: 200,
      body: { message_id: expect.any(Number) },
    });
    const arrived = await fetch(`${simulator.url}/simulator/pushes?token=${encodeURIComponent(to)}`);
    expect(await arrived.json()).toStrictEqual({ pushes: [] });
  });

  it.each<[string, (to: string) => unknown, number, string | null]>([
    ['no recipient', () => ({ data: {} }), 200, 'MissingRegistration'],
    ['a malformed token', () => ({ to: 'not-a-token' }), 200, 'InvalidRegistration'],
    ['a reserved key', (to) => ({ to, data: { from: 'x' } }), 200, 'InvalidDataKey'],
    ['too long a life', (to) => ({ to, time_to_live: 2_419_201 }), 200, 'InvalidTtl'],
    ['too much', (to) => ({ to, data: { k: 'x'.repeat(4_096) } }), 200, 'MessageTooBig'],
    ['a priority that there is not', (to) => ({ to, priority: 'urgent' }), 400, null],
    ['a life that is a text', (to) => ({ to, time_to_live: '60s' }), 400, null],
  ])('is refused for %s', async (_name, bodyFor, status, error) => {
    const reply = await sendLegacy(bodyFor(await register()));
    expect(reply.status).toBe(status);
    expect((reply.body as { results: unknown } | undefined)?.results).toStrictEqual(error ? [{ error }] : undefined);
  });

  it('is refused without the key', async () => {
    expect(await sendLegacy({ to: await register() }, 'AAAA-another-key')).toMatchObject({ status: 401 });
    expect(await sendLegacy({ to: await register() }, stranger.serverKey)).toMatchObject({ status: 401 });
  });
});

describe('the page for people', () => {
  it('shows what arrived, and nothing in it as markup', async () => {
    await send({ message: { token: await register(), data: { note: '<script>alert(1)</script>' } } });
    const page = await fetch(`${simulator.url}/`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const text = await page.text();
    expect(text).toContain('&#60;script&#62;alert(1)');
    expect(text).not.toContain('<script');
  });
});

describe('an assertion is refused', () => {
  const now = Math.floor(Date.now() / 1_000);
  it.each<[string, Record<string, unknown>, string]>([
    ['from another account', { iss: 'other@countersign-demo.iam.gserviceaccount.com' }, 'invalid_grant'],
    ['to another audience', { aud: 'https://oauth2.googleapis.com/token' }, 'invalid_grant'],
    ['that lives longer than an hour', { iat: now, exp: now + 3_601 }, 'invalid_grant'],
    ['that is over', { iat: now - 7_200, exp: now - 3_600 }, 'invalid_grant'],
    ['from tomorrow', { iat: now + 86_400, exp: now + 86_400 + 3_600 }, 'invalid_grant'],
    ['for another scope', { scope: 'https://www.googleapis.com/auth/drive' }, 'invalid_scope'],
    ['without a scope', { scope: undefined }, 'invalid_scope'],
    ['that does not say when it ends', { exp: undefined }, 'invalid_grant'],
  ])('%s', async (_name, claims, error) => {
    const { status, body } = await exchange(await assertionOf(claims));
    expect(status).toBe(400);
    expect(body).toStrictEqual({ error, error_description: expect.any(String) });
  });

  it('signed with another key', async () => {
    const reply = await exchange(await assertionOf({}, stranger.serviceAccount.private_key));
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('that is none', async () => {
    expect(await exchange('none')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await exchange('')).toMatchObject({ status: 400 });
  });

  it('that is not signed', async () => {
    const [, payload] = (await assertionOf()).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await exchange(`${header}.${payload}.`)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('under another grant type', async () => {
    const reply = await exchange(await assertionOf(), 'client_credentials');
    expect(reply).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
  });
});

describe('a push is refused', () => {
  it.each([
    ['without an access token', ''],
    ['with one that was never given', 'ya29.simulated.9999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['with anything', 'anything'],
  ])('%s', async (_name, token) => {
    const reply = await send({ message: { token: await register() } }, { token });
    expect(reply).toMatchObject({ status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED' } } });
    expect(fcmCodeOf(reply)).toBeUndefined();
  });

  it('with an access token of another project, and with ours for another project', async () => {
    const account = stranger.serviceAccount;
    const iat = Math.floor(Date.now() / 1_000);
    const assertion = await new SignJWT({
      iss: account.client_email,
      scope: SCOPE,
      aud: account.token_uri,
      iat,
      exp: iat + 60,
    })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(await importPKCS8(account.private_key, 'RS256'));
    const form = new URLSearchParams({ grant_type: GRANT_TYPE, assertion });
    const foreign = (await (await fetch(account.token_uri, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    const message = { token: await register() };
    expect(await send({ message }, { token: foreign.access_token })).toMatchObject({ status: 401 });
    expect(await send({ message }, { project: 'another' })).toMatchObject({
      status: 403,
      body: { error: { status: 'PERMISSION_DENIED' } },
    });
  });

  it.each<[string, (token: string) => unknown, string | undefined]>([
    ['without a message', () => ({}), 'INVALID_ARGUMENT'],
    ['with an empty message', () => ({ message: {} }), 'INVALID_ARGUMENT'],
    ['without a recipient', () => ({ message: { data: { a: 'b' } } }), 'INVALID_ARGUMENT'],
    ['with two recipients', (token) => ({ message: { token, topic: 'news' } }), 'INVALID_ARGUMENT'],
    ['with a malformed token', () => ({ message: { token: 'not-a-token' } }), 'INVALID_ARGUMENT'],
    ['with a key that is reserved', (token) => ({ message: { token, data: { from: 'x' } } }), 'INVALID_ARGUMENT'],
    ['with a key of Google', (token) => ({ message: { token, data: { 'google.x': 'x' } } }), 'INVALID_ARGUMENT'],
    ['with a key of GCM', (token) => ({ message: { token, data: { 'gcm.x': 'x' } } }), 'INVALID_ARGUMENT'],
    [
      'for longer than four weeks',
      (token) => ({ message: { token, android: { ttl: '2419201s' } } }),
      'INVALID_ARGUMENT',
    ],
    ['for less than no time', (token) => ({ message: { token, android: { ttl: '-1s' } } }), 'INVALID_ARGUMENT'],
    // What does not even have the shape of a request never gets as far as FCM's own codes.
    ['with a number in its data', (token) => ({ message: { token, data: { a: 1 } } }), undefined],
    ['with an object in its data', (token) => ({ message: { token, data: { a: {} } } }), undefined],
    ['with a field that there is not', (token) => ({ message: { token, priority: 'high' } }), undefined],
    ['with a field beside the message', (token) => ({ message: { token }, to: token }), undefined],
    ['in the form of the old interface', (token) => ({ to: token, priority: 'high', data: {} }), undefined],
    [
      'with a priority that there is not',
      (token) => ({ message: { token, android: { priority: 'URGENT' } } }),
      undefined,
    ],
    ['with a time to live that is a number', (token) => ({ message: { token, android: { ttl: 60 } } }), undefined],
    ['with a time to live without its unit', (token) => ({ message: { token, android: { ttl: '60' } } }), undefined],
    ['with a list for a message', (token) => ({ message: [{ token }] }), undefined],
    ['that is no JSON', () => 'no json', undefined],
  ])('%s', async (_name, bodyFor, fcmCode) => {
    const token = await register();
    const reply = await send(bodyFor(token));
    expect(reply).toMatchObject({ status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT' } } });
    expect(fcmCodeOf(reply)).toBe(fcmCode);
    const arrived = await fetch(`${simulator.url}/simulator/pushes?token=${encodeURIComponent(token)}`);
    expect(await arrived.json()).toStrictEqual({ pushes: [] });
  });

  it('to an app that was removed', async () => {
    const token = await register();
    await fetch(`${simulator.url}/simulator/registrations/${encodeURIComponent(token)}`, { method: 'DELETE' });
    const reply = await send({ message: { token } });
    expect(reply).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
    expect(fcmCodeOf(reply)).toBe('UNREGISTERED');
  });

  it('at another address', async () => {
    const response = await fetch(`${simulator.url}/fcm/sent`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
  });
});
