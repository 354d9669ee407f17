import { randomBytes } from 'node:crypto';
import { makeLocalAccount } from '../../api/console/make-local-account.ts';
import { claimPort } from '../../dev/free-port.ts';
import { startProcess } from '../support/child.ts';
import { type ConsolePage, consolePage, cookieFrom, logInToConsole } from '../support/console-operator.ts';
import { type Stack, startStack } from '../support/stack.ts';

const OPERATOR = { name: 'carol', password: 'a password of twenty' };
const accountOf = (scope: Parameters<typeof makeLocalAccount>[1], password = OPERATOR.password) => ({
  CONSOLE_LOCAL_ACCOUNT: makeLocalAccount(OPERATOR.name, scope, password),
});
const SESSION = '/console/api/session';
const TYPES = '/admin/v1/authentication-types';

describe('a session of the console', () => {
  let stack: Stack;
  let page: ConsolePage;
  beforeAll(async () => {
    stack = await startStack({
      env: { ...accountOf('onegini_api_admin'), TEMPORAL_UI_URL: 'https://temporal.example/' },
    });
  });
  afterAll(() => stack?.stop());
  beforeEach(async () => {
    page = await logInToConsole(stack.apiUrl, OPERATOR);
  });

  const logIn = (name: string, password: string, headers: Readonly<Record<string, string>> = {}) =>
    consolePage(stack.apiUrl).request('POST', '/console/api/login', { name, password }, headers);

  it('says who is logged in, and how to log in where nobody is', async () => {
    const { status, body, headers } = await page.request('GET', SESSION);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        operator: 'carol',
        scopes: ['onegini_api_admin'],
        actions: expect.arrayContaining(['write_clients', 'read_transactions', 'read_health']),
        temporalUiUrl: 'https://temporal.example/namespaces/default',
        expiresAtMs: expect.any(Number),
      },
    });
    expect(headers.get('cache-control')).toMatch(/no-store/);
    const nobody = consolePage(stack.apiUrl);
    const stranger = consolePage(stack.apiUrl, `countersign_console=${randomBytes(32).toString('base64url')}`);
    for (const one of [nobody, stranger]) {
      expect(await one.request('GET', SESSION)).toMatchObject({
        status: 401,
        body: { code: 'session_required', login: 'local' },
      });
    }
    expect((await stranger.request('GET', TYPES)).body.code).toBe('session_required');
    expect((await nobody.request('GET', TYPES)).body.code).toBe('client_unauthenticated');
  });

  it('has a cookie that no script reads and no other site sends, and only its hash is stored', async () => {
    const reply = await logIn(OPERATOR.name, OPERATOR.password);
    const [cookie = ''] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^countersign_console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const id = cookieFrom(reply).split('=')[1] as string;
    const stored = JSON.stringify(await stack.database.knex('console_sessions'));
    expect(stored).not.toContain(id);
    expect(stored).not.toContain(Buffer.from(id, 'base64url').toString('hex'));
  });

  it('is refused to a wrong password and an unknown name alike, and waits after ten of them', async () => {
    const name = `guess-${randomBytes(4).toString('hex')}`;
    const [wrong, unknown] = [await logIn('carol', 'wrong'), await logIn(name, OPERATOR.password)];
    expect(wrong).toMatchObject({ status: 401, body: { code: 'operator_unauthenticated' } });
    expect(unknown.body).toEqual(wrong.body);
    const replies = await Promise.all(Array.from({ length: 16 }, () => logIn(name, 'wrong')));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(9).fill(401), ...Array(7).fill(429)]);
    expect(replies.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
    await logInToConsole(stack.apiUrl, OPERATOR);
    const events = await stack.database.knex('events').where({ name: 'ADMIN_OPERATOR_LOGIN_REFUSED' });
    expect(events.length).toBe(18);
    expect(JSON.stringify(events)).not.toContain(name);
  });

  it.each<[string, Record<string, string>]>([
    ['without the header', { 'console-request': '' }],
    ['with another value', { 'console-request': '2' }],
    ['of another origin', { origin: 'https://evil.example' }],
    ['of no origin that can be named', { origin: 'null' }],
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['that somebody typed', { 'sec-fetch-site': 'none' }],
  ])('does nothing by a request %s', async (_what, headers) => {
    for (const [method, path, body] of [
      ['GET', SESSION],
      ['DELETE', SESSION],
      ['POST', '/console/api/login', OPERATOR],
      ['GET', TYPES],
      ['POST', TYPES, {}],
      ['GET', '/admin/v1/users/alice/devices'],
    ] as const) {
      const reply = await page.request(method, path, body, headers);
      expect({ path, status: reply.status, code: reply.body.code }).toEqual({
        path,
        status: 403,
        code: 'origin_refused',
      });
    }
    expect((await page.request('GET', '/oauth/api/v1/events', undefined, headers)).status).toBe(403);
    expect((await page.request('GET', SESSION)).status).toBe(200);
  });

  it('takes what browsers do not tell as no other origin, and grants no other origin anything', async () => {
    const bare = { origin: '', 'sec-fetch-site': '' };
    expect((await page.request('GET', TYPES, undefined, bare)).status).toBe(200);
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(stack.apiUrl + TYPES, { method: 'OPTIONS', headers: asked });
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('changes what is configured, with the operator in the event', async () => {
    const type = { name: 'by-carol', method: 'push', timeToLiveSeconds: 60, maxResends: 1 };
    expect((await page.request('POST', TYPES, type)).status).toBe(201);
    const [event] = await stack.database.knex('events').where({ name: 'ADMIN_AUTH_PROPERTIES_SET_CREATED' });
    expect(event).toMatchObject({
      client_id: null,
      agent_user: 'carol',
      details: { operator: 'carol', id: 'by-carol' },
    });
    const listed = await page.request('GET', '/oauth/api/v1/events?event_type=ADMIN_AUTH_PROPERTIES_SET_CREATED');
    expect(listed.body.result_set).toMatchObject([
      { event_agent_user: 'carol', client_id: null, event_details: { id: 'by-carol', operator: 'carol' } },
    ]);
  });

  it('helps users, with the operator in the event, whatever the request calls itself', async () => {
    const phone = await stack.enrolPhone('helped');
    const path = `/admin/v1/users/helped/devices/${phone.deviceId}/revoke-push`;
    expect((await page.request('POST', path, undefined, { 'agent-user': 'somebody else' })).status).toBe(204);
    const [event] = await stack.database.knex('events').where({ name: 'ADMIN_PUSH_ENROLLMENT_REVOKED' });
    expect(event).toMatchObject({ user_id: 'helped', client_id: null, agent_user: 'carol', client_ip: '127.0.0.1' });
    expect((await page.request('POST', '/admin/v1/users/helped/unlock')).status).toBe(204);
    expect((await page.request('GET', '/admin/v1/users/helped/devices')).body.devices).toHaveLength(1);
  });

  it('counts for nothing beside the credentials of an API client', async () => {
    const { id } = stack.portal.credentials;
    const authorization = `Basic ${btoa(`${id}:wrong`)}`;
    expect((await page.request('GET', TYPES, undefined, { authorization })).body.code).toBe('client_unauthenticated');
  });

  it('opens nothing but administration', async () => {
    for (const path of [
      '/oauth/api/v4/authenticate/transaction/x',
      '/oauth/api/v4/users/alice/devices',
      '/device/v1/keys',
    ]) {
      expect((await page.request('GET', path)).status).not.toBe(200);
    }
    const ticket = { userId: 'alice', applicationId: 'demo-app' };
    expect((await page.request('POST', '/admin/v1/enrolment-tickets', ticket)).status).toBe(401);
  });

  it('ends by logging out, with the others of the operator', async () => {
    const other = await logInToConsole(stack.apiUrl, OPERATOR);
    const reply = await page.request('DELETE', SESSION);
    expect(reply.status).toBe(204);
    expect(reply.headers.getSetCookie()[0]).toMatch(/^countersign_console=; .*Expires=Thu, 01 Jan 1970/);
    for (const one of [page, other]) expect((await one.request('GET', TYPES)).body.code).toBe('session_required');
    expect((await page.request('DELETE', SESSION)).status).toBe(204);
  });

  it('is known to every api process, and to none that does not know its account any more', async () => {
    const elsewhere = async (env: Readonly<Record<string, string>>) => {
      const claim = await claimPort();
      const { port } = claim;
      const other = await startProcess('api/main.ts', { ...stack.env, ...env, API_PORT: String(port) });
      await claim.release();
      try {
        const there = consolePage(`http://127.0.0.1:${port}`, page.headers.cookie);
        const { status, body } = await there.request('GET', SESSION, undefined, { origin: stack.apiUrl });
        return { status, actions: body.actions, login: body.login };
      } finally {
        await other.stop();
      }
    };
    expect(await elsewhere({})).toMatchObject({ status: 200 });
    expect(await elsewhere(accountOf('countersign_helpdesk'))).toMatchObject({ status: 401, login: 'local' });
    expect(await elsewhere({ CONSOLE_LOCAL_ACCOUNT: '' })).toMatchObject({ status: 401, login: 'none' });
  });
});

describe('a helpdesk at the console', () => {
  let stack: Stack;
  let page: ConsolePage;
  beforeAll(async () => {
    stack = await startStack({ env: accountOf('countersign_helpdesk') });
    page = await logInToConsole(stack.apiUrl, OPERATOR);
  });
  afterAll(() => stack?.stop());

  it('may do what its scope allows, and reads the events of one user at a time', async () => {
    const { actions } = (await page.request('GET', SESSION)).body;
    expect(actions).toEqual(['read_users', 'manage_devices', 'read_transactions_of_user', 'read_events_of_user']);
    for (const path of [TYPES, '/admin/v1/keys', '/admin/v1/api-clients']) {
      expect((await page.request('GET', path)).body.code).toBe('action_forbidden');
    }
    const events = (query: string) => page.request('GET', `/oauth/api/v1/events${query}`);
    expect((await events('?user_id=alice')).status).toBe(200);
    for (const query of ['', '?user_id=', '?user_id=alice&user_id=bob', '?client_id=demo-portal']) {
      expect((await events(query)).status).toBe(403);
    }
  });
});
