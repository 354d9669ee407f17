import { claimPort } from '../../dev/free-port.ts';
import { startProcess } from '../support/child.ts';
import { consolePage } from '../support/console-operator.ts';
import { type CookieJar, createCookieJar } from '../support/cookie-jar.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { type Stack, startStack } from '../support/stack.ts';

const CLAIMS = {
  'u-anne': { preferred_username: 'anne', email: 'anne@example.com', roles: ['Operator', 'unknown', 7] },
  'u-ben': { email: 'ben@example.com', roles: 'something HELPDESK' },
  'u-carla': { roles: ['onegini_api_admin'], realm_access: { roles: ['helpdesk'] } },
  'u-dan': { preferred_username: 'dan', roles: ['onegini_api_events', 'administrator', 'constructor'] },
};

describe('logging in to the console with an identity provider', () => {
  let stack: Stack;
  let provider: IdentityProvider;

  beforeAll(async () => {
    stack = await startStack();
    provider = await startIdentityProvider({ redirectUri: callbackUrl(), claims: CLAIMS });
    await stack.rollOut(envOf(provider));
  });
  afterAll(async () => {
    await stack?.stop();
    await provider?.stop();
  });

  const callbackUrl = (): string => `${stack.apiUrl}/console/login/callback`;
  const sessionOf = (jar: CookieJar) =>
    consolePage(stack.apiUrl, jar.cookiesOf(stack.apiUrl)).request('GET', '/console/api/session');
  /** Lets a person log in at the provider, and tells where it sends the browser. */
  async function answered(jar: CookieJar, person: string | null, to = ''): Promise<string> {
    provider.person = person;
    return jar.followTo(`${stack.apiUrl}/console/login${to && `?to=${encodeURIComponent(to)}`}`, callbackUrl());
  }
  async function logIn(person: string, to = ''): Promise<{ jar: CookieJar; reply: Response }> {
    const jar = createCookieJar();
    return { jar, reply: await jar.get(await answered(jar, person, to)) };
  }

  it('says that this is the way in', async () => {
    expect((await sessionOf(createCookieJar())).body).toMatchObject({ code: 'session_required', login: 'oidc' });
    const local = consolePage(stack.apiUrl).request('POST', '/console/api/login', { name: 'a', password: 'b' });
    expect(await local).toMatchObject({ status: 404, body: { code: 'route_unknown' } });
  });

  it('asks the provider for a code, bound to this browser', async () => {
    const reply = await createCookieJar().get(`${stack.apiUrl}/console/login`);
    expect(reply.status).toBe(303);
    const asked = new URL(reply.headers.get('location') as string);
    expect(asked.origin).toBe(provider.issuer);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      ...{ response_type: 'code', code_challenge_method: 'S256', redirect_uri: callbackUrl() },
      ...{ client_id: provider.clientId, state: expect.stringMatching(/.{32}/), nonce: expect.stringMatching(/.{32}/) },
    });
    const [cookie = ''] = reply.headers.getSetCookie();
    expect(cookie).toMatch(
      /^countersign_console_login=[^;]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    for (const part of ['state', 'nonce']) expect(cookie).not.toContain(asked.searchParams.get(part) as string);
  });

  it.each([
    ['u-anne', 'anne', 'countersign_operator'],
    ['u-ben', 'ben@example.com', 'countersign_helpdesk'],
    ['u-carla', 'u-carla', 'onegini_api_admin'],
  ])('lets %s in as %s with the scope %s', async (person, operator, scope) => {
    const { jar, reply } = await logIn(person, '/console/transactions?status=failed#top');
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/console/transactions?status=failed#top']);
    expect((await sessionOf(jar)).body).toMatchObject({ operator, scopes: [scope] });
    expect(jar.cookiesOf(stack.apiUrl)).toMatch(/^countersign_console=[\w-]{43}$/);
    const event = await stack.database
      .knex('events')
      .where({ name: 'ADMIN_OPERATOR_LOGGED_IN', agent_user: operator })
      .first();
    expect(event.details).toEqual({ subject: person, scopes: scope });
  });

  it('tells who has no role here, and opens nothing', async () => {
    const { jar, reply } = await logIn('u-dan');
    expect(reply.status).toBe(403);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(await reply.text()).toContain('no role');
    expect((await sessionOf(jar)).status).toBe(401);
  });

  it('lets nobody in who breaks off', async () => {
    const jar = createCookieJar();
    const reply = await jar.get(await answered(jar, null));
    expect([reply.status, jar.cookiesOf(stack.apiUrl)]).toEqual([400, '']);
  });

  it('takes no answer of another browser, with another state, or with a code of another log-in', async () => {
    const [mine, other] = [createCookieJar(), createCookieJar()];
    const [answer, others] = [new URL(await answered(mine, 'u-anne')), new URL(await answered(other, 'u-anne'))];
    expect((await createCookieJar().get(answer.href)).status).toBe(400);
    const changed = new URL(answer);
    changed.searchParams.set('state', 'x'.repeat(43));
    const cookie = mine.cookiesOf(stack.apiUrl);
    // Each time with the cookie as it was.
    const asMine = (url: URL) => createCookieJar().get(url.href, { cookie });
    expect((await asMine(changed)).status).toBe(400);
    expect((await asMine(others)).status).toBe(400);
    const mixed = new URL(answer);
    mixed.searchParams.set('code', others.searchParams.get('code') as string);
    // The code is of another nonce and another verifier.
    expect((await asMine(mixed)).status).toBe(400);
    const elsewhere = new URL(answer);
    elsewhere.searchParams.set('iss', 'https://evil.example');
    expect((await asMine(elsewhere)).status).toBe(400);
  });

  it('takes no cookie that was tampered with', async () => {
    const jar = createCookieJar();
    const answer = await answered(jar, 'u-anne');
    const cookie = jar.cookiesOf(stack.apiUrl);
    const middle = Math.floor(cookie.length / 2);
    const tampered = cookie.slice(0, middle) + (cookie[middle] === 'A' ? 'B' : 'A') + cookie.slice(middle + 1);
    for (const wrong of [tampered, cookie.slice(0, -9), 'countersign_console_login=%', 'countersign_console_login=']) {
      expect((await createCookieJar().get(answer, { cookie: wrong })).status).toBe(400);
    }
    expect((await createCookieJar().get(answer, { cookie })).status).toBe(303);
  });

  it('takes an answer once', async () => {
    const jar = createCookieJar();
    const answer = await answered(jar, 'u-anne');
    const cookie = jar.cookiesOf(stack.apiUrl);
    const replies = await Promise.all(Array.from({ length: 16 }, () => createCookieJar().get(answer, { cookie })));
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 303).length).toBeLessThanOrEqual(1);
    expect((await createCookieJar().get(answer, { cookie })).status).toBe(400);
  });

  it.each([
    ...[
      'https://evil.example/console',
      '//evil.example/console',
      '/\\evil.example',
      '/\\/evil.example/console',
      'console',
    ],
    ...['/demo', '/console/../demo', '/consolex', '/console/api/session', '/console/login', 'javascript:alert(1)', ''],
    '/console/%2e%2e/demo',
  ])('does not lead to %s afterwards', async (to) => {
    const reply = await createCookieJar().get(`${stack.apiUrl}/console/login?to=${encodeURIComponent(to)}`);
    expect([reply.status, reply.headers.getSetCookie()]).toEqual([400, []]);
    const long = `/console/${'x'.repeat(2_048)}`;
    expect((await createCookieJar().get(`${stack.apiUrl}/console/login?to=${long}`)).status).toBe(400);
  });

  it('ends for everybody when another provider is configured, and reads roles wherever they are', async () => {
    const { jar } = await logIn('u-anne');
    const claim = await claimPort();
    const url = `http://127.0.0.1:${claim.port}`;
    const redirectUri = `${url}/console/login/callback`;
    const second = await startIdentityProvider({ redirectUri, claims: CLAIMS, withClaimsInToken: false });
    const env = { API_PORT: String(claim.port), PUBLIC_URL: url, CONSOLE_OIDC_ROLES_CLAIM: 'realm_access.roles' };
    const other = await startProcess('api/main.ts', { ...stack.env, ...envOf(second), ...env });
    await claim.release();
    try {
      const before = consolePage(url, jar.cookiesOf(stack.apiUrl));
      expect((await before.request('GET', '/console/api/session')).status).toBe(401);
      second.person = 'u-carla';
      const carla = createCookieJar();
      await carla.get(await carla.followTo(`${url}/console/login`, redirectUri));
      const session = await consolePage(url, carla.cookiesOf(url)).request('GET', '/console/api/session');
      expect(session.body).toMatchObject({ operator: 'u-carla', scopes: ['countersign_helpdesk'] });
      await second.stop();
      const answer = `${redirectUri}?code=x&state=y`;
      expect((await createCookieJar().get(answer)).status).toBe(400);
    } finally {
      await other.stop();
    }
  });

  it('is out of reach while the provider is, and says so in a page', async () => {
    const claim = await claimPort();
    const url = `http://127.0.0.1:${claim.port}`;
    const nobody = await claimPort();
    const env = {
      API_PORT: String(claim.port),
      PUBLIC_URL: url,
      CONSOLE_OIDC_ISSUER: `http://127.0.0.1:${nobody.port}`,
    };
    const other = await startProcess('api/main.ts', { ...stack.env, ...env });
    await Promise.all([claim.release(), nobody.release()]);
    try {
      const reply = await createCookieJar().get(`${url}/console/login`);
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2']);
      expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
    } finally {
      await other.stop();
    }
  });
});

function envOf({ issuer, clientId, clientSecret }: IdentityProvider): Record<string, string> {
  return {
    CONSOLE_OIDC_ISSUER: issuer,
    CONSOLE_OIDC_CLIENT_ID: clientId,
    CONSOLE_OIDC_CLIENT_SECRET: clientSecret,
  };
}
