import { otpOf } from '../../runtime/otp.ts';
import { ensureBuiltPages } from '../support/built-pages.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('the demo bank’s server side', () => {
  let stack: Stack;
  let alice: Phone;
  let mallory: Phone;

  beforeAll(async () => {
    await ensureBuiltPages();
    stack = await startStack({ withSms: true, withDemoPortal: true });
    alice = await stack.enrolPhone('alice');
    mallory = await stack.enrolPhone('mallory');
  }, 120_000);
  afterAll(() => stack?.stop());

  /** A browser, as far as its cookie goes. */
  function createVisitor() {
    let cookie = '';
    return {
      async call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
        const response = await fetch(`${stack.apiUrl}/demo/api${path}`, {
          method,
          headers: { cookie, ...(body && { 'content-type': 'application/json' }), ...headers },
          ...(body && { body: JSON.stringify(body) }),
        });
        cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
        const text = await response.text();
        const isJson = response.headers.get('content-type')?.includes('json');
        // biome-ignore lint/suspicious/noExplicitAny: looked at field by field
        return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as any };
      },
    };
  }

  const LOGIN = { purpose: 'login', method: 'push', userId: 'alice' };

  async function approve(phone: Phone, transactionId: string): Promise<void> {
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
  }

  async function logIn() {
    const visitor = createVisitor();
    const { body } = await visitor.call('POST', '/ask', LOGIN);
    await approve(alice, body.transactionId);
    expect((await visitor.call('GET', `/asked/${body.transactionId}`)).body).toMatchObject({ status: 'approved' });
    return visitor;
  }

  it('logs a visitor in by the API’s word alone, and nobody else with them', async () => {
    const visitor = createVisitor();
    const asked = await visitor.call('POST', '/ask', LOGIN);
    expect(asked.status).toBe(200);
    const cookie = asked.headers.get('set-cookie');
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect((await visitor.call('GET', '/session')).body.userId).toBeNull();

    await approve(alice, asked.body.transactionId);
    const stranger = createVisitor();
    expect((await stranger.call('GET', `/asked/${asked.body.transactionId}`)).status).toBe(404);
    expect((await stranger.call('GET', '/session')).body.userId).toBeNull();
    await visitor.call('GET', `/asked/${asked.body.transactionId}`);
    expect((await visitor.call('GET', '/session')).body.userId).toBe('alice');
    await visitor.call('DELETE', '/session');
    expect((await visitor.call('GET', '/session')).body.userId).toBeNull();
  });

  it('takes no payment of whoever is not logged in', async () => {
    const question = { purpose: 'payment', method: 'push', userId: 'alice', payment: { payee: 'x', amountCents: 1 } };
    expect((await createVisitor().call('POST', '/ask', question)).status).toBe(400);
  });

  it('takes a payment for denied where another user has read its code', async () => {
    const visitor = await logIn();
    const payment = { payee: 'Bicycle shop', amountCents: 4_990 };
    const { body } = await visitor.call('POST', '/ask', { purpose: 'payment', method: 'otp', payment });
    const drawn = await visitor.call('GET', `/asked/${body.transactionId}/code.svg`);
    expect(drawn.headers.get('content-type')).toContain('image/svg+xml');
    const { body: whole } = await stack.portal.result(body.transactionId);
    expect(whole.status).toBe('pending');
    const challenge = await mallory.client.claimOtp(otpOf(stack.keyring, body.transactionId));
    await mallory.client.approve(challenge);
    expect((await visitor.call('GET', `/asked/${body.transactionId}`)).body.status).toBe('denied');
  });

  it('answers pages of its own origin alone, by its own name', async () => {
    const visitor = createVisitor();
    const equip = (headers: Record<string, string>) => visitor.call('POST', '/phones', { userId: 'alice' }, headers);
    expect((await equip({ origin: 'https://evil.example' })).status).toBe(404);
    expect((await equip({ origin: 'null' })).status).toBe(404);
    const { body, status } = await equip({ origin: stack.apiUrl });
    expect(status).toBe(201);
    expect(body).toEqual({ ticket: expect.objectContaining({ userId: 'alice' }), pushToken: expect.any(String) });
    expect((await visitor.call('POST', '/phones', { userId: '' })).status).toBe(400);
  });

  it('leads whoever comes by another name to its own', async () => {
    const { port } = new URL(stack.apiUrl);
    const reply = await fetch(`http://localhost:${port}/phone`, { redirect: 'manual' });
    expect(reply.status).toBe(307);
    expect(reply.headers.get('location')).toBe(`${stack.apiUrl}/phone`);
  });

  it.each(['phone', 'demo'])('serves /%s under a strict policy, with a nonce of its own each time', async (page) => {
    const [first, second] = await Promise.all([0, 1].map(() => fetch(`${stack.apiUrl}/${page}`)));
    const policy = first?.headers.get('content-security-policy') as string;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain("'unsafe-eval'");
    expect(policy).not.toBe(second?.headers.get('content-security-policy'));
    expect(first?.headers.get('cache-control')).toBe('no-store');
    const html = (await first?.text()) as string;
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] as string;
    expect(html).toContain(nonce);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);

    const [script] = /\/assets\/[\w.-]+\.js/.exec(html) as RegExpExecArray;
    const asset = await fetch(stack.apiUrl + script);
    expect(asset.status).toBe(200);
    expect(asset.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
    expect((await fetch(`${stack.apiUrl}/${page}`, { method: 'POST' })).status).toBe(405);
  });
});

describe('an api without the demonstration', () => {
  let stack: Stack;

  beforeAll(async () => {
    await ensureBuiltPages();
    stack = await startStack();
  }, 120_000);
  afterAll(() => stack?.stop());

  it.each(['/demo', '/phone', '/demo/api/session', '/demo/api/phones'])('serves nothing at %s', async (path) => {
    expect((await fetch(stack.apiUrl + path)).status).toBe(404);
  });
});
