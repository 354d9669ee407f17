import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { createRawPhone, type ProofChanges, type RawPhone } from '../support/raw-phone.ts';
import { type Stack, startStack } from '../support/stack.ts';

const PATH = '/device/v1/transactions';

describe('a request proof', () => {
  let stack: Stack;
  let raw: RawPhone;
  let foreign: JWK;

  beforeAll(async () => {
    stack = await startStack();
    raw = await createRawPhone(stack.apiUrl, await stack.enrolPhone('alice'));
    const pair = await generateKeyPair('ES256', { extractable: true });
    foreign = await exportJWK(pair.privateKey);
  });
  afterAll(() => stack?.stop());

  const nowSeconds = () => Math.floor(Date.now() / 1_000);

  it('admits its phone', async () => {
    expect(await raw.request('GET', PATH)).toMatchObject({ status: 200, body: { transactions: [] } });
  });

  it.each<[string, () => ProofChanges]>([
    ['is missing', () => ({ proof: '' })],
    ['is no JWS', () => ({ proof: 'a.b.c' })],
    ['is larger than any proof', () => ({ proof: `${'a'.repeat(5_000)}.b.c` })],
    ['is signed by another key', () => ({ signingKey: foreign })],
    ['is of another kind of JWS', () => ({ header: { typ: 'JWT' } })],
    ['names no enrolment', () => ({ header: { kid: 'not-a-uuid' } })],
    ['is made for another method', () => ({ claims: { htm: 'POST' } })],
    ['is made for another address', () => ({ claims: { htu: `${stack.apiUrl}${PATH}/x` } })],
    ['is made for another host', () => ({ claims: { htu: `https://elsewhere.example${PATH}` } })],
    ['is older than a minute', () => ({ claims: { iat: nowSeconds() - 65 } })],
    ['comes from the future', () => ({ claims: { iat: nowSeconds() + 65 } })],
    ['is made for another body', () => ({ claims: { body_sha256: 'AAAA' } })],
    ['has an id that is too short to be unique', () => ({ claims: { jti: 'short' } })],
  ])('that %s is refused', async (_case, changes) => {
    expect(await raw.request('GET', PATH, undefined, changes())).toMatchObject({
      status: 401,
      body: { code: 'proof_invalid', status: 401, type: 'about:blank', title: expect.any(String) },
    });
  });

  it('is refused the second time, also when sixteen come at once', async () => {
    const proof = await raw.proof('GET', PATH);
    const replies = await Promise.all(Array.from({ length: 16 }, () => raw.request('GET', PATH, undefined, { proof })));
    expect(replies.map(({ status, body }) => [status, body.code]).sort()).toEqual([
      [200, undefined],
      ...Array(15).fill([401, 'proof_replayed']),
    ]);
  });

  it('is void with an unsigned algorithm', async () => {
    const [, payload] = (await raw.proof('GET', PATH)).split('.');
    const header = { alg: 'none', typ: 'countersign-proof+jwt', kid: raw.enrolmentId };
    const proof = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
    expect(await raw.request('GET', PATH, undefined, { proof })).toMatchObject({ status: 401 });
  });

  it('of an enrolment that was revoked is refused from the next request on', async () => {
    const bob = await createRawPhone(stack.apiUrl, await stack.enrolPhone('bob'));
    expect((await bob.request('GET', PATH)).status).toBe(200);
    await stack.database.knex('enrolments').where({ id: bob.enrolmentId }).update({ revoked_at: new Date() });
    expect(await bob.request('GET', PATH)).toMatchObject({ status: 401, body: { code: 'enrolment_unknown' } });
  });

  it('does not cover a body that was changed on the way', async () => {
    const path = `${PATH}/01a20c2c-cdb5-76ee-bd90-c0ea062108a5/fetch`;
    const proof = await raw.proof('POST', path, JSON.stringify({ requestId: 'the-honest-request' }));
    expect(await raw.request('POST', path, { requestId: 'another-request-id' }, { proof })).toMatchObject({
      status: 401,
      body: { code: 'proof_invalid', detail: 'body_sha256' },
    });
  });
});
