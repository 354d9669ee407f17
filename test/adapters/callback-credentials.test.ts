import { randomBytes } from 'node:crypto';
import { BlockList } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { createCallbackSender } from '../../activities/adapters/callback-sender.ts';
import { webhookHeaders } from '../../activities/adapters/webhook-signature.ts';
import type { CallbackCredentials } from '../../activities/ports.ts';
import { isWebhookSecret } from '../../runtime/webhook-secret.ts';
import { type PortalRequest, type PortalServer, startPortalServer } from './portal-server.ts';

const TIMEOUT_MS = 20_000;
const TRANSACTION_ID = '0190a000-0000-7000-8000-000000000001';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');

const aSecret = (bytes = 32) => `whsec_${randomBytes(bytes).toString('base64')}`;

let portal: PortalServer;
let sender: ReturnType<typeof createCallbackSender>;
let credentials: Map<string, CallbackCredentials>;

beforeEach(async () => {
  portal = await startPortalServer();
  credentials = new Map();
  sender = createCallbackSender({ allowedNetworks: loopback, findCredentials: async (uri) => credentials.get(uri) });
});

afterEach(async () => {
  await sender.close();
  await portal.close();
});

async function send(path = '/callback'): Promise<PortalRequest> {
  const callback = { callbackUri: `${portal.url}${path}`, transactionId: TRANSACTION_ID };
  expect(await sender.send(callback, TIMEOUT_MS)).toStrictEqual({ ok: true, httpStatus: 204 });
  return portal.requests.at(-1) as PortalRequest;
}

/** As a portal does it that has never heard of us: with the library of the standard's authors. */
function verify({ body, headers }: PortalRequest, secret: string): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

describe('HTTP Basic', () => {
  it('goes to the address that it is configured for, to the letter, and to no other', async () => {
    const basic = { username: 'countersign', password: 'open: sesame €' };
    credentials.set(`${portal.url}/callback`, { basic, webhookSecrets: [] });
    const { headers } = await send();
    expect(Buffer.from(headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString()).toBe(
      'countersign:open: sesame €',
    );
    expect(headers).not.toHaveProperty('webhook-signature');
    for (const path of ['/callback?x=1', '/callback/', '/other']) {
      expect((await send(path)).headers).not.toHaveProperty('authorization');
    }
  });

  it('is not taken along by a redirection', async () => {
    const elsewhere = await startPortalServer();
    const callbackUri = `${portal.url}/callback`;
    credentials.set(callbackUri, { basic: { username: 'u', password: 'p' }, webhookSecrets: [] });
    portal.answer = (_request, response) =>
      void response.writeHead(308, { location: `${elsewhere.url}/callback` }).end();
    const attempt = await sender.send({ callbackUri, transactionId: TRANSACTION_ID }, TIMEOUT_MS);
    expect(attempt).toStrictEqual({ ok: false, failure: 'refused', httpStatus: 308 });
    expect(elsewhere.connections()).toBe(0);
    await elsewhere.close();
  });
});

describe('a signed callback', () => {
  it('is verified by the library of Standard Webhooks', async () => {
    const secret = aSecret();
    credentials.set(`${portal.url}/callback`, { webhookSecrets: [secret] });
    const request = await send();
    expect(verify(request, secret)).toStrictEqual({
      callback_uri: `${portal.url}/callback`,
      transaction_id: TRANSACTION_ID,
    });
    expect(() => verify(request, aSecret())).toThrow('No matching signature found');
    const forged = { ...request, body: request.body.replace(TRANSACTION_ID, TRANSACTION_ID.replace('1', '2')) };
    expect(() => verify(forged, secret)).toThrow('No matching signature found');
  });

  it('has the same id and the same body in every attempt', async () => {
    credentials.set(`${portal.url}/callback`, { webhookSecrets: [aSecret()] });
    const requests = [await send(), await send(), await send()];
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toStrictEqual(new Set([TRANSACTION_ID]));
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  });

  it('is verified by the old secret and by the new one while one replaces the other', async () => {
    const [next, previous] = [aSecret(), aSecret(64)];
    credentials.set(`${portal.url}/callback`, { webhookSecrets: [next, previous] });
    const request = await send();
    expect(request.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/=]{44} v1,[A-Za-z0-9+/=]{44}$/);
    expect(verify(request, next)).toStrictEqual(verify(request, previous));
    expect(() => verify(request, aSecret())).toThrow('No matching signature found');
  });

  it('is signed by what is configured at that moment', async () => {
    const [before, after] = [aSecret(), aSecret()];
    credentials.set(`${portal.url}/callback`, { webhookSecrets: [before] });
    expect(() => verify(portal.requests.at(-1) ?? ({} as PortalRequest), before)).toThrow();
    expect(verify(await send(), before)).toBeDefined();
    credentials.set(`${portal.url}/callback`, { webhookSecrets: [after] });
    expect(verify(await send(), after)).toBeDefined();
  });

  it('carries Basic beside the signature where both are configured', async () => {
    const secret = aSecret(24);
    credentials.set(`${portal.url}/callback`, {
      basic: { username: 'u', password: 'p' },
      webhookSecrets: [secret],
    });
    const request = await send();
    expect(request.headers.authorization).toBe('Basic dTpw');
    expect(verify(request, secret)).toBeDefined();
  });

  it('is as the library itself would have signed it', () => {
    const secret = aSecret();
    const content = { id: 'msg', timestampSeconds: 1_800_000_000, body: '{"a":"é"}' };
    expect(webhookHeaders(content, [secret])['webhook-signature']).toBe(
      new Webhook(secret).sign('msg', new Date(1_800_000_000_000), content.body),
    );
  });
});

it('is not sent at all while nobody can say how the address is to be called', async () => {
  const unsure = createCallbackSender({
    allowedNetworks: loopback,
    findCredentials: () => Promise.reject(new Error('database is gone')),
  });
  const callback = { callbackUri: `${portal.url}/callback`, transactionId: TRANSACTION_ID };
  await expect(unsure.send(callback, TIMEOUT_MS)).rejects.toThrow('database is gone');
  expect(portal.connections()).toBe(0);
  expect(unsure.isAilingAt(callback.callbackUri)).toBe(false);
  await unsure.close();
});

describe('a secret', () => {
  it.each([24, 32, 64])('may have %d bytes', (bytes) => {
    expect(isWebhookSecret(aSecret(bytes))).toBe(true);
  });

  it.each([
    ['no prefix', randomBytes(32).toString('base64')],
    ['an asymmetric key', `whsk_${randomBytes(32).toString('base64')}`],
    ['too short', aSecret(23)],
    ['too long', aSecret(65)],
    ['no base64', `whsec_${'*'.repeat(44)}`],
    ['base64 without its end', aSecret(25).replaceAll('=', '')],
    ['nothing', 'whsec_'],
  ])('is none with %s', (_name, text) => {
    expect(isWebhookSecret(text)).toBe(false);
  });
});
