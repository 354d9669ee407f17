import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createAccessTokenVerifier } from '../../api/access-token.ts';
import { createDeviceClient, createMemoryStore } from '../../sdk/index.ts';
import { type Stack, startStack } from '../support/stack.ts';

const ISSUER = 'https://login.example';
const AUDIENCE = 'countersign';
const device = { name: 'Phone', platform: 'android' } as const;

it.each([
  ['does not answer', 0],
  ['fails', 500],
])('an identity provider that %s is an outage and no refusal', async (_name, status) => {
  const broken = createServer((_request, response) => {
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(broken, 'listening');
  const { port } = broken.address() as AddressInfo;
  if (status === 0) {
    broken.close();
    await once(broken, 'close');
  }
  const verify = createAccessTokenVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
  });
  const { privateKey } = await generateKeyPair('ES256');
  const token = await new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  await expect(verify(token)).rejects.toMatchObject({ code: 'unavailable' });
  broken.closeAllConnections();
  broken.close();
});

describe('an enrolment by access token', () => {
  let stack: Stack;
  let provider: Server;
  let keys: CryptoKeyPair;

  beforeAll(async () => {
    keys = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'key-1', alg: 'ES256' };
    provider = createServer((request, response) => {
      if (request.url !== '/jwks') return void response.writeHead(404).end();
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    stack = await startStack({
      env: {
        IDENTITY_PROVIDER_ISSUER: ISSUER,
        IDENTITY_PROVIDER_AUDIENCE: AUDIENCE,
        IDENTITY_PROVIDER_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`,
      },
    });
  });
  afterAll(async () => {
    await stack?.stop();
    provider.closeAllConnections();
    provider.close();
  });

  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const claimsOf = (sub: string, changes: object = {}) => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub,
    exp: nowSeconds() + 60,
    ...changes,
  });
  const tokenOf = (sub: string, changes: object = {}, key: CryptoKey = keys.privateKey, header: object = {}) =>
    new SignJWT(claimsOf(sub, changes)).setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header }).sign(key);
  const enrol = (accessToken: string, store = createMemoryStore(), applicationId = 'demo-app') =>
    createDeviceClient({ serverUrl: stack.apiUrl, store }).enrol({ accessToken, applicationId, device });

  it('binds the phone to the user whom the token names', async () => {
    expect(await enrol(await tokenOf('alice'))).toMatchObject({ userId: 'alice', applicationId: 'demo-app' });
    await expect(enrol(await tokenOf('alice'))).rejects.toMatchObject({ code: 'user_already_enrolled' });
  });

  it('whose reply was lost may be asked for again by the same phone, and is the same enrolment', async () => {
    let losses = 1;
    const client = createDeviceClient({
      serverUrl: stack.apiUrl,
      store: createMemoryStore(),
      wait: async () => {},
      async fetch(input, init) {
        const response = await fetch(input, init);
        if (losses-- > 0) throw new TypeError('the reply is lost');
        return response;
      },
    });
    const accessToken = await tokenOf('bob');
    const { enrolmentId } = await client.enrol({ accessToken, applicationId: 'demo-app', device });
    expect(await stack.database.knex('enrolments').where({ user_id: 'bob' })).toMatchObject([{ id: enrolmentId }]);
  });

  it.each([
    ['that is expired', () => tokenOf('carol', { exp: nowSeconds() - 60 })],
    ['that never expires', () => tokenOf('carol', { exp: undefined })],
    ['that is not valid yet', () => tokenOf('carol', { nbf: nowSeconds() + 60 })],
    ['of another issuer', () => tokenOf('carol', { iss: 'https://other.example' })],
    ['for another audience', () => tokenOf('carol', { aud: 'somebody-else' })],
    ['without a user', () => tokenOf('carol', { sub: undefined })],
    ['that is not signed', async () => new UnsecuredJWT(claimsOf('carol')).encode()],
    [
      'signed by another key of the same name',
      async () => tokenOf('carol', {}, ((await generateKeyPair('ES256')) as CryptoKeyPair).privateKey),
    ],
    ['signed by a key that nobody published', () => tokenOf('carol', {}, keys.privateKey, { kid: 'key-2' })],
    [
      'signed with the public key as a shared secret',
      async () =>
        new SignJWT(claimsOf('carol'))
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .sign(Buffer.from(JSON.stringify(await exportJWK(keys.publicKey)))),
    ],
    ['that is none', async () => 'no token'],
  ])('with a token %s is refused', async (_name, makeToken) => {
    await expect(enrol(await makeToken())).rejects.toMatchObject({
      code: 'access_token_invalid',
      status: 401,
      number: 9010,
    });
    expect(await stack.database.knex('enrolments').where({ user_id: 'carol' })).toEqual([]);
  });

  it('for an application that there is not is refused', async () => {
    await expect(enrol(await tokenOf('dora'), createMemoryStore(), 'no-app')).rejects.toMatchObject({
      code: 'request_invalid',
      detail: 'applicationId',
    });
  });

  it('goes beside the tickets', async () => {
    await expect(stack.enrolPhone('emil')).resolves.toBeDefined();
  });
});
