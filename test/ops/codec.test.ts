import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { loadCodecConfig } from '../../runtime/config.ts';
import { parseKeyring } from '../../runtime/keyring.ts';
import { createPayloadCodec } from '../../runtime/payload-codec.ts';
import { startProcess, type TestProcess } from '../support/child.ts';

const TOKEN = randomBytes(32).toString('base64url');
const KEYS = `k1:${randomBytes(32).toString('base64')}`;
const UI = 'https://temporal.example.com';
const SECRET = 'Transfer 10 euro to Bob?';

describe('the codec endpoint', () => {
  let codec: TestProcess;
  let url: string;
  let encrypted: Payload;

  beforeAll(async () => {
    codec = await startProcess('codec/main.ts', {
      ENCRYPTION_KEYS: KEYS,
      CODEC_TOKEN: TOKEN,
      CODEC_ORIGINS: `${UI},http://localhost:8233`,
      CODEC_PORT: '0',
    });
    let port: string | undefined;
    while (port === undefined) {
      port = /"port":(\d+)/.exec(codec.output())?.[1];
      await turn();
    }
    url = `http://127.0.0.1:${port}`;
    const [payload] = await createPayloadCodec(parseKeyring(KEYS)).encode([defaultPayloadConverter.toPayload(SECRET)]);
    encrypted = payload as Payload;
  });
  afterAll(() => codec?.stop());

  const asJson = ({ metadata, data }: Payload) => ({
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(data ?? []).toString('base64'),
  });

  function decode(headers: Record<string, string>, payload: object = asJson(encrypted)): Promise<Response> {
    return fetch(`${url}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
      body: JSON.stringify({ payloads: [payload] }),
    });
  }
  const basic = (password: string): string => `Basic ${Buffer.from(`olga:${password}`).toString('base64')}`;

  it.each([
    ['a bearer token', `Bearer ${TOKEN}`],
    ['the password of HTTP Basic', `Basic ${Buffer.from(`olga:${TOKEN}`).toString('base64')}`],
  ])('opens payloads for who has the credential, as %s', async (_name, authorization) => {
    const reply = await decode({ authorization, origin: UI });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('access-control-allow-origin')).toBe(UI);
    expect(reply.headers.get('access-control-allow-credentials')).toBe('true');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const { payloads } = (await reply.json()) as { payloads: { data: string }[] };
    expect(JSON.parse(Buffer.from(payloads[0]?.data ?? '', 'base64').toString())).toBe(SECRET);
  });

  it('seals what an operator sends, so that workers can open it', async () => {
    const plain = asJson(defaultPayloadConverter.toPayload('not_me') as Payload);
    const reply = await fetch(`${url}/encode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ payloads: [plain] }),
    });
    const { payloads } = (await reply.json()) as { payloads: ReturnType<typeof asJson>[] };
    expect(JSON.stringify(payloads)).not.toContain(plain.data);
    const opened = await decode({ authorization: basic(TOKEN) }, payloads[0]);
    expect(await opened.json()).toMatchObject({ payloads: [{ data: plain.data }] });
  });

  it.each([
    ['none', {}],
    ['an empty one', { authorization: '' }],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a token with more behind it', { authorization: `Bearer ${TOKEN}0` }],
    ['a wrong password', { authorization: 'Basic b2xnYTp3cm9uZw==' }],
    ['Basic without a colon', { authorization: `Basic ${Buffer.from(TOKEN).toString('base64')}` }],
  ])('shows nothing to who has %s, and asks for it', async (_name, headers) => {
    const reply = await decode({ ...headers, origin: UI });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await reply.text()).not.toContain(SECRET);
  });

  it('answers no page of another origin, whatever its browser sends along', async () => {
    for (const origin of ['https://evil.example', `${UI}.evil.example`, 'null', 'http://temporal.example.com']) {
      const reply = await decode({ authorization: basic(TOKEN), origin });
      expect(reply.status).toBe(403);
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('tells a browser beforehand what it may send', async () => {
    const headers = { origin: UI, 'access-control-request-method': 'POST' };
    const reply = await fetch(`${url}/decode`, { method: 'OPTIONS', headers });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(reply.headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('refuses what is no payload, what another key sealed, and too much', async () => {
    const authorization = `Bearer ${TOKEN}`;
    const [foreign] = await createPayloadCodec(parseKeyring(`k2:${randomBytes(32).toString('base64')}`)).encode([
      defaultPayloadConverter.toPayload(SECRET),
    ]);
    expect((await decode({ authorization }, { metadata: 7 })).status).toBe(400);
    expect((await decode({ authorization }, asJson(foreign as Payload))).status).toBe(400);
    expect((await decode({ authorization }, { data: 'x'.repeat(5 * 1024 * 1024) })).status).toBe(413);
  });

  it('is alive for anybody, and signs a browser in on its first page', async () => {
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: basic(TOKEN) } })).status).toBe(200);
  });

  it('does not start with a credential that can be guessed, or with what is no origin', () => {
    const env = { ENCRYPTION_KEYS: KEYS, CODEC_TOKEN: TOKEN, CODEC_ORIGINS: UI };
    expect(loadCodecConfig(env).CODEC_ORIGINS).toEqual([UI]);
    expect(() => loadCodecConfig({ ...env, CODEC_TOKEN: 'short' })).toThrow('CODEC_TOKEN');
    for (const wrong of ['', '*', `${UI}/`, 'temporal.example.com']) {
      expect(() => loadCodecConfig({ ...env, CODEC_ORIGINS: wrong })).toThrow('CODEC_ORIGINS');
    }
  });
});
