import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import {
  type Administrator,
  administrationEvents,
  administratorOf,
  createAdministrator,
  newSecret,
} from '../support/administration.ts';
import { createPortal } from '../support/portal.ts';
import { type Stack, startStack } from '../support/stack.ts';

const RESULT = '/oauth/api/v4/authenticate/transaction/0190a000-0000-7000-8000-000000000000';
const SCOPES = ['onegini_api_mobile_authentication'];

let stack: Stack;
let admin: Administrator;

beforeAll(async () => {
  stack = await startStack();
  admin = administratorOf(stack);
});

afterAll(() => stack.stop());

/** 404 is what a client hears that was let in; 401 what all others hear. */
const statusWith = async (id: string, secret: string): Promise<number> =>
  (await createPortal(stack.apiUrl, { id, secret }).request('GET', RESULT)).status;

describe('a secret', () => {
  it('is made by the server and shown once', async () => {
    const created = await admin.create('/api-clients', { id: 'made', name: 'Made', scopes: SCOPES });
    const { secret } = created.body;
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await statusWith('made', secret)).toBe(404);
    expect((await admin.read('/api-clients/made')).body).toEqual({
      id: 'made',
      name: 'Made',
      scopes: SCOPES,
      secret: { set: true },
    });
    const stored = await stack.database.knex('api_clients').where({ id: 'made' }).first();
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('must be long where the operator brings it', async () => {
    const short = { id: 'short', name: 'Short', scopes: SCOPES, secret: 'x'.repeat(42) };
    expect(await admin.create('/api-clients', short)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/secret' }] },
    });
  });

  it('is rotated without a gap: both are good, until the old one is removed', async () => {
    const { secret: first } = (await admin.create('/api-clients', { id: 'rotated', name: 'Rotated', scopes: SCOPES }))
      .body;
    const rotated = await admin.create('/api-clients/rotated/secret', { previousLifetimeSeconds: 3_600 });
    expect(rotated).toMatchObject({ status: 201, body: { previousExpiresAt: expect.stringMatching(/Z$/) } });
    const second = rotated.body.secret;
    expect([await statusWith('rotated', first), await statusWith('rotated', second)]).toEqual([404, 404]);
    expect(await admin.create('/api-clients/rotated/secret', {})).toMatchObject({
      status: 409,
      body: { code: 'secret_rotation_open' },
    });
    expect(await admin.request('DELETE', '/api-clients/rotated/previous-secret')).toMatchObject({ status: 204 });
    expect([await statusWith('rotated', first), await statusWith('rotated', second)]).toEqual([401, 404]);
    const names = (await administrationEvents(stack)).map(({ name }) => name).slice(-2);
    expect(names).toEqual(['ADMIN_API_CLIENT_SECRET_ROTATED', 'ADMIN_API_CLIENT_SECRET_REMOVED']);
  });

  it('before the present one is good no more when its time is over', async () => {
    const { secret: first } = (await admin.create('/api-clients', { id: 'expired', name: 'E', scopes: SCOPES })).body;
    await admin.create('/api-clients/expired/secret', {});
    await stack.database
      .knex('api_clients')
      .where({ id: 'expired' })
      .update({ previous_secret_expires_at: new Date(0) });
    expect(await statusWith('expired', first)).toBe(401);
    expect(await admin.create('/api-clients/expired/secret', {})).toMatchObject({ status: 201 });
  });

  it('is rotated only of clients that there are, for a time within bounds', async () => {
    expect(await admin.create('/api-clients/nobody/secret', {})).toMatchObject({ status: 404 });
    expect(await admin.request('DELETE', '/api-clients/nobody/previous-secret')).toMatchObject({ status: 404 });
    const body = { previousLifetimeSeconds: 59 };
    expect(await admin.create('/api-clients/made/secret', body)).toMatchObject({
      status: 400,
      body: { detail: 'previousLifetimeSeconds' },
    });
  });

  it('of a deleted client is good for nothing, and neither are its tickets', async () => {
    const scopes = ['onegini_api_user_registration'];
    const { secret } = (await admin.create('/api-clients', { id: 'deleted', name: 'Deleted', scopes })).body;
    const portal = createPortal(stack.apiUrl, { id: 'deleted', secret });
    expect(await portal.ticket('bob')).toMatchObject({ status: 201 });
    expect(await admin.remove('/api-clients/deleted')).toMatchObject({ status: 204 });
    expect(await portal.ticket('bob')).toMatchObject({ status: 401 });
    expect(await stack.database.knex('enrolment_tickets').where({ client_id: 'deleted' })).toEqual([]);
  });
});

describe('an assertion', () => {
  const ID = 'keyed';
  let sign: (claims?: JWTPayload, header?: Record<string, unknown>) => Promise<string>;
  let signAsOther: typeof sign;

  beforeAll(async () => {
    const [own, other] = await Promise.all([generateKeyPair('ES256', { extractable: true }), generateKeyPair('ES256')]);
    const signer =
      (key: CryptoKey): typeof sign =>
      (claims = {}, header = {}) => {
        const nowSeconds = Math.floor(Date.now() / 1_000);
        const usual = { iss: ID, sub: ID, aud: stack.apiUrl, jti: randomUUID(), iat: nowSeconds, exp: nowSeconds + 60 };
        return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
      };
    sign = signer(own.privateKey);
    signAsOther = signer(other.privateKey);
    const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k1', use: 'sig' }] };
    const created = await admin.create('/api-clients', { id: ID, name: 'Keyed', scopes: SCOPES, jwks });
    expect(created).toMatchObject({ status: 201, body: { jwks, secret: { set: false } } });
  });

  const asBearer = async (assertion: string, path = RESULT): Promise<number> =>
    (await fetch(stack.apiUrl + path, { headers: { authorization: `Bearer ${assertion}` } })).status;
  const inForm = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${stack.apiUrl}/oauth/api/v4/authenticate/user`, {
      method: 'POST',
      body: new URLSearchParams({
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        ...fields,
      }),
      headers,
    });

  it('lets the client in, in a form or as a bearer token', async () => {
    expect(await asBearer(await sign())).toBe(404);
    expect(await asBearer(await sign(), `${RESULT}/events`)).toBe(404);
    expect((await inForm({ client_assertion: await sign() })).status).toBe(400);
    expect((await inForm({ client_assertion: await sign(), client_id: ID })).status).toBe(400);
  });

  it.each<[string, () => JWTPayload]>([
    ['made for somebody else', () => ({ aud: 'https://elsewhere.example' })],
    ['without an end', () => ({ exp: undefined as never })],
    ['that is over', () => ({ exp: Math.floor(Date.now() / 1_000) - 60 })],
    ['that is good for more than five minutes', () => ({ exp: Math.floor(Date.now() / 1_000) + 360 })],
    ['without an id', () => ({ jti: undefined as never })],
    ['with an endless id', () => ({ jti: 'x'.repeat(256) })],
    ['of another issuer', () => ({ iss: 'other' })],
  ])('%s is refused', async (_name, claims) => {
    await forgetFailures();
    expect(await asBearer(await sign(claims()))).toBe(401);
  });

  it('by another key, or of a client without keys, or of nobody, is refused', async () => {
    await forgetFailures();
    expect(await asBearer(await signAsOther())).toBe(401);
    expect(await asBearer(await sign({ iss: 'demo-portal', sub: 'demo-portal' }))).toBe(401);
    expect(await asBearer(await sign({ iss: 'nobody', sub: 'nobody' }))).toBe(401);
    expect(await asBearer(`${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`)).toBe(401);
  });

  it('is refused beside other credentials, with another type or under another name', async () => {
    await forgetFailures();
    const { id, secret } = stack.portal.credentials;
    const basic = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
    expect((await inForm({ client_assertion: await sign() }, basic)).status).toBe(401);
    expect((await inForm({ client_assertion: await sign(), client_id: id, client_secret: secret })).status).toBe(401);
    expect((await inForm({ client_assertion: await sign(), client_assertion_type: 'other' })).status).toBe(401);
    expect((await inForm({ client_assertion: await sign(), client_id: 'other' })).status).toBe(401);
  });

  it.each([
    ['a private key', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' }],
    ['no point of the curve', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
    ['a shared secret', { kty: 'oct', k: 'AA' }],
    ['a short RSA key', { kty: 'RSA', e: 'AQAB', n: 'A'.repeat(171) }],
  ])('%s is not registered', async (_name, key) => {
    const document = { id: 'faulty', name: 'Faulty', scopes: SCOPES, jwks: { keys: [key] } };
    const refused = await admin.create('/api-clients', document);
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: expect.stringMatching(/^#\/jwks\/keys\/0/) }] },
    });
  });

  // The last one here: this client has failed too often by then.
  it('lets in once', async () => {
    const assertion = await sign();
    const statuses = await Promise.all(Array.from({ length: 16 }, () => asBearer(assertion)));
    // The others are refused, the last of them for having failed too often.
    expect(statuses.filter((status) => status === 404)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401 || status === 429)).toHaveLength(15);
  });

  /** A success ends the count. */
  async function forgetFailures(): Promise<void> {
    expect(await asBearer(await sign())).toBe(404);
  }
});

describe('whoever fails too often', () => {
  it.each(['known', 'unknown'])(
    'waits, whether the client is %s: with Retry-After, and the right secret too',
    async (kind) => {
      const id = `guessed-${kind}`;
      const secret = newSecret();
      if (kind === 'known') await admin.create('/api-clients', { id, name: 'Guessed', scopes: SCOPES, secret });
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 10; attempt += 1) statuses.push(await statusWith(id, newSecret()));
      expect(statuses).toEqual(Array(10).fill(401));
      const waiting = await createPortal(stack.apiUrl, { id, secret }).request('GET', RESULT);
      expect(waiting).toMatchObject({ status: 429, body: { error_code: 'too_many_failures' } });
      expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
      const problem = await createAdministrator(stack.apiUrl, { id, secret }).read('/features');
      expect(problem).toMatchObject({ status: 429, body: { code: 'too_many_failures' } });
      // Nobody else is held up.
      expect(await stack.portal.request('GET', RESULT)).toMatchObject({ status: 404 });
    },
  );
});

describe('what a client may do in administration', () => {
  const CALLS = {
    'read configuration': ['GET', '/authentication-types'],
    'change configuration': ['PATCH', '/features'],
    'read clients': ['GET', '/api-clients'],
    'change clients': ['POST', '/api-clients'],
  } as const;

  it.each([
    ['onegini_api_admin', ['read configuration', 'change configuration', 'read clients', 'change clients']],
    ['onegini_api_config', ['read configuration', 'change configuration']],
    ['countersign_operator', ['read configuration', 'read clients']],
    ['countersign_helpdesk', []],
    ['onegini_api_mobile_authentication', []],
  ])('with %s is: %j', async (scope, allowed) => {
    const id = `role-${scope}`;
    const secret = newSecret();
    await admin.create('/api-clients', { id, name: 'Role', scopes: [scope], secret });
    const client = createAdministrator(stack.apiUrl, { id, secret });
    const letIn: string[] = [];
    for (const [name, [method, path]] of Object.entries(CALLS)) {
      const { status, body } = await client.request(method, path);
      if (status === 403) expect(body).toMatchObject({ code: 'action_forbidden' });
      else letIn.push(name);
    }
    expect(letIn).toEqual(allowed);
    const { status } = await client.request('DELETE', '/api-clients/made/previous-secret');
    expect(status).toBe(scope === 'onegini_api_admin' ? 204 : 403);
  });

  it('an operator ends a transaction of any client, and changes nothing else', async () => {
    const id = 'operator';
    const secret = newSecret();
    await admin.create('/api-clients', { id, name: 'Operator', scopes: ['countersign_operator'], secret });
    const operator = createAdministrator(stack.apiUrl, { id, secret });
    const transactionId = await stack.begin(await stack.enrolPhone('alice'));
    expect(await operator.request('DELETE', `/transactions/${transactionId}`)).toMatchObject({ status: 204 });
    expect((await stack.portal.result(transactionId)).body.status).toBe('cancelled');
    const events = (await administrationEvents(stack)).filter(({ client_id }) => client_id === id);
    expect(events).toMatchObject([{ name: 'ADMIN_TRANSACTION_CANCELLED' }]);
    expect(await operator.request('DELETE', `/transactions/${transactionId}`)).toMatchObject({ status: 204 });
    for (const unknown of ['nope', '0190a000-0000-7000-8000-000000000000']) {
      expect(await operator.request('DELETE', `/transactions/${unknown}`)).toMatchObject({ status: 404 });
    }
    expect(await operator.request('POST', '/keys/evidence/rotate')).toMatchObject({ status: 403 });
    expect(await operator.read('/keys')).toMatchObject({ status: 200 });
  });
});
