import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as openpgp from 'openpgp';
import { type Stack, startStack } from '../support/stack.ts';

const PATH = '/device/v1/enrolments';

describe('an enrolment', () => {
  let stack: Stack;
  let keys: CryptoKeyPair;
  let pgpPublicKey: string;

  beforeAll(async () => {
    stack = await startStack();
    keys = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
    const pair = await openpgp.generateKey({
      type: 'ecc',
      curve: 'curve25519Legacy',
      userIDs: [{ name: 'phone' }],
      format: 'armored',
    });
    pgpPublicKey = pair.publicKey;
  });
  afterAll(() => stack?.stop());

  const requestWith = async (user: string, changes: object = {}) => {
    const { reference, secret } = (await stack.portal.ticket(user)).body;
    const { kty, crv, x, y } = await exportJWK(keys.publicKey);
    return {
      ticket: { reference, secret },
      device: { id: randomBytes(32).toString('hex'), name: 'Phone', platform: 'android' },
      pgpPublicKey,
      signingKey: { kty, crv, x, y },
      pushToken: `token-${randomUUID()}`,
      ...changes,
    };
  };
  const post = async (request: object, signer: CryptoKey = keys.privateKey) => {
    const body = JSON.stringify(request);
    const claims = {
      htm: 'POST',
      htu: stack.apiUrl + PATH,
      iat: Math.floor(Date.now() / 1000),
      jti: randomUUID(),
      body_sha256: createHash('sha256').update(body).digest('base64url'),
    };
    const jwk = await exportJWK(keys.publicKey);
    const proof = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'countersign-proof+jwt', jwk })
      .sign(signer);
    const headers = { 'content-type': 'application/json', 'device-proof': proof };
    const response = await fetch(stack.apiUrl + PATH, { method: 'POST', body, headers });
    return { status: response.status, body: await response.json() };
  };

  it("binds the phone and hands it the server's public key", async () => {
    const reply = await post(await requestWith('alice'));
    expect(reply).toMatchObject({ status: 201, body: { userId: 'alice', applicationId: 'demo-app' } });
    const serverKey = await openpgp.readKey({ armoredKey: reply.body.serverPgpPublicKey });
    expect(serverKey.isPrivate()).toBe(false);
    expect(serverKey.keyPacket.version).toBe(4);
  });

  it('needs the proof that the phone holds the signing key it brings', async () => {
    const other = (await generateKeyPair('ES256')) as CryptoKeyPair;
    expect(await post(await requestWith('bob'), other.privateKey)).toMatchObject({
      status: 401,
      body: { code: 'proof_invalid' },
    });
  });

  it('by a ticket that is wrong, used or expired is refused alike', async () => {
    const refused = { status: 403, body: { code: 'ticket_invalid' } };
    const request = await requestWith('carol');
    expect(await post({ ...request, ticket: { ...request.ticket, secret: 'wrong' } })).toMatchObject(refused);
    expect(await post({ ...request, ticket: { ...request.ticket, reference: randomUUID() } })).toMatchObject(refused);
    expect((await post(request)).status).toBe(201);
    const device = { ...request.device, id: randomBytes(32).toString('hex') };
    expect(await post({ ...request, device })).toMatchObject(refused);
    const late = await requestWith('dora');
    await stack.database
      .knex('enrolment_tickets')
      .where({ reference: late.ticket.reference })
      .update({ expires_at: new Date(Date.now() - 1) });
    expect(await post(late)).toMatchObject(refused);
  });

  it('whose reply was lost may be asked for again by the same phone, and is the same enrolment', async () => {
    const request = await requestWith('ida');
    const first = await post(request);
    expect(first.status).toBe(201);
    expect(await post(request)).toEqual(first);
    expect(await stack.database.knex('enrolments').where({ user_id: 'ida' })).toHaveLength(1);
  });

  it('of a user who is enrolled is refused, and the ticket stays good', async () => {
    expect((await post(await requestWith('emil'))).status).toBe(201);
    const second = await requestWith('emil');
    expect(await post(second)).toMatchObject({ status: 409, body: { code: 'user_already_enrolled' } });
    await stack.database.knex('enrolments').where({ user_id: 'emil' }).update({ revoked_at: new Date() });
    expect((await post(second)).status).toBe(201);
  });

  it('with the push token of somebody else is refused', async () => {
    const pushToken = `token-${randomUUID()}`;
    expect((await post(await requestWith('fay', { pushToken }))).status).toBe(201);
    expect(await post(await requestWith('gus', { pushToken }))).toMatchObject({
      status: 409,
      body: { code: 'device_already_enrolled' },
    });
  });

  it.each([
    ['a private PGP key', async () => ({ pgpPublicKey: (await privateKey()).privateKey })],
    ['a PGP key that is none', async () => ({ pgpPublicKey: 'no key' })],
    [
      'a signing key off the curve',
      async () => ({ signingKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } }),
    ],
    ['a signing key with its private half', async () => ({ signingKey: await exportJWK(keys.privateKey) })],
    ['a device id of its own making', async () => ({ device: { id: 'my-phone', name: 'Phone', platform: 'android' } })],
    ['an unknown platform', async () => ({ device: { id: '0'.repeat(64), name: 'Phone', platform: 'symbian' } })],
    [
      'a name with control characters',
      async () => ({ device: { id: '0'.repeat(64), name: 'a\u0000b', platform: 'ios' } }),
    ],
  ])('with %s is refused before the ticket is touched', async (_case, changes) => {
    const request = await requestWith('hal');
    const reply = await post({ ...request, ...(await changes()) });
    expect(reply).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    const [ticket] = await stack.database.knex('enrolment_tickets').where({ reference: request.ticket.reference });
    expect(ticket.used_at).toBeNull();
  });

  const privateKey = () =>
    openpgp.generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name: 'x' }], format: 'armored' });
});
