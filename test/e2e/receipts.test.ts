import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import * as openpgp from 'openpgp';
import { verifyReceipt } from '../../dev/receipt/verify-receipt.ts';
import type { DeviceState } from '../../sdk/index.ts';
import { createPortal, type Portal } from '../support/portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

describe('the receipt of a transaction', () => {
  let stack: Stack;
  let phone: Phone;
  let jwks: JSONWebKeySet;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
    jwks = (await (await fetch(`${stack.apiUrl}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
  });
  afterAll(() => stack?.stop());

  const readReceipt = (transactionId: string, portal: Portal = stack.portal) =>
    portal.request('GET', `/oauth/api/v4/authenticate/transaction/${transactionId}/receipt`);
  const workflowOf = (transactionId: string) => stack.temporal.workflow.getHandle(`transaction:${transactionId}`);

  /** Claims of the receipt, by `jose` and the published keys alone; our own verifier must agree. */
  async function claimsOf(transactionId: string): Promise<Record<string, unknown>> {
    const { status, body } = await readReceipt(transactionId);
    expect({ status, fields: Object.keys(body) }).toEqual({ status: 200, fields: ['receipt'] });
    const { payload } = await compactVerify(body.receipt, createLocalJWKSet(jwks), { algorithms: ['EdDSA'] });
    expect(decodeProtectedHeader(body.receipt)).toStrictEqual({
      alg: 'EdDSA',
      typ: 'countersign-receipt+jwt',
      kid: jwks.keys[0]?.kid,
    });
    const { checks } = await verifyReceipt(body.receipt, jwks);
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
    return JSON.parse(new TextDecoder().decode(payload));
  }

  it('shows what was approved, by whom and by which key', async () => {
    const transactionId = await stack.begin(phone, { message: 'Pay?', secure_message: 'Pay 10 € to Bob?' });
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    const claims = await claimsOf(transactionId);
    const { keys, enrolment } = (await phone.store.load()) as DeviceState;
    const { x, y } = keys.signingKey;
    const pgpKey = await openpgp.readPrivateKey({ armoredKey: keys.pgpPrivateKey });
    expect(claims).toMatchObject({
      iss: 'countersign',
      transaction_id: transactionId,
      client_id: stack.portal.credentials.id,
      user_id: 'alice',
      application_id: 'demo-app',
      device_id: phone.deviceId,
      enrolment_id: enrolment?.enrolmentId,
      type: 'push',
      policy_version: 1,
      method: 'push',
      outcome: { status: 'approved' },
      shown_sha256: sha256('Pay 10 € to Bob?'),
      device_key_thumbprint: sha256(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`),
      device_pgp_fingerprint: pgpKey.getFingerprint(),
      answer: expect.stringContaining('-----BEGIN PGP MESSAGE-----'),
      answer_sha256: sha256(claims.answer as string),
    });
    const [evidence] = await stack.database.knex('evidence').where({ transaction_id: transactionId });
    expect(claims).toMatchObject({ answer: evidence.answer, answer_sha256: evidence.answer_sha256 });
  });

  it('is there for every outcome', async () => {
    await stack.database
      .knex('authentication_types')
      .insert({ name: 'receipts-of-one-second', method: 'push', time_to_live_seconds: 1, max_resends: 0 });
    const [denied, deniedByOperator, cancelled] = await Promise.all([1, 2, 3].map(() => stack.begin(phone)));
    const expired = await stack.begin(phone, { type: 'receipts-of-one-second' });
    await phone.client.deny(denied as string, { reason: 'not_me' });
    await workflowOf(deniedByOperator as string).executeUpdate('deny', { args: ['not_me'] });
    await stack.portal.cancel(cancelled as string);
    await stack.callbacks.waitFor(expired);
    expect(await claimsOf(denied as string)).toMatchObject({
      outcome: { status: 'denied', by: 'user', reason: 'not_me' },
      answer: expect.any(String),
    });
    const byOperator = await claimsOf(deniedByOperator as string);
    expect(byOperator).toMatchObject({ outcome: { status: 'denied', by: 'operator', reason: 'not_me' } });
    expect(byOperator).not.toHaveProperty('answer');
    expect(await claimsOf(cancelled as string)).toMatchObject({ outcome: { status: 'cancelled', by: 'portal' } });
    expect(await claimsOf(expired)).toMatchObject({ outcome: { status: 'expired' } });

    const unreachable = await stack.enrolPhone('unreachable');
    const registration = `${stack.fcm.url}/simulator/registrations/${encodeURIComponent(unreachable.pushToken)}`;
    await fetch(registration, { method: 'DELETE' });
    await expect(stack.begin(unreachable)).rejects.toThrow();
    const [failed] = await stack.database.knex('transactions').where({ user_id: 'unreachable' }).pluck('id');
    expect(await claimsOf(failed)).toMatchObject({ outcome: { status: 'failed', reason: 'failed_to_send' } });
  });

  it('of signed data shows which data was signed by which key, to whoever has the data', async () => {
    await stack.database.knex('authentication_types').insert({
      name: 'receipts-of-signed-data',
      method: 'push',
      time_to_live_seconds: 60,
      max_resends: 0,
      transaction_signing: true,
    });
    const data = '{"amount":"10 €","to":"Bob"}';
    const transactionId = await stack.begin(phone, { type: 'receipts-of-signed-data', signing_data: data });
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    expect(await claimsOf(transactionId)).toMatchObject({ signing_data_sha256: sha256(data) });
    const { receipt } = (await readReceipt(transactionId)).body;
    const faultsWith = async (text: string) => {
      const { checks } = await verifyReceipt(receipt, jwks, { signingData: Buffer.from(text) });
      return checks.filter(({ holds }) => !holds).map(({ name }) => name);
    };
    expect(await faultsWith(data)).toEqual([]);
    expect(await faultsWith(data.replace('10', '1000'))).toEqual(['signing_data_sha256']);
  });

  it('is not there while the transaction is pending', async () => {
    const transactionId = await stack.begin(phone);
    expect(await readReceipt(transactionId)).toMatchObject({
      status: 409,
      body: { error: 'conflict', error_code: 'transaction_pending' },
    });
  });

  it('is for its own client only', async () => {
    const secret = randomBytes(32).toString('base64url');
    await stack.database.knex('api_clients').insert({
      id: 'other',
      name: 'Other portal',
      secret_sha256: createHash('sha256').update(secret).digest(),
      scopes: ['onegini_api_mobile_authentication'],
    });
    const other = createPortal(stack.apiUrl, { id: 'other', secret });
    const transactionId = await stack.begin(phone);
    const unknown = { status: 404, body: { error_code: '3004' } };
    expect(await readReceipt(transactionId, other)).toMatchObject(unknown);
    await stack.portal.cancel(transactionId);
    expect(await readReceipt(transactionId, other)).toMatchObject(unknown);
    expect(await readReceipt('no-id')).toMatchObject(unknown);
    expect(await readReceipt('01a20c37-4cc5-73e6-aaf1-f5c832e212cc')).toMatchObject(unknown);
    const stranger = createPortal(stack.apiUrl, { id: 'other', secret: 'wrong' });
    expect((await readReceipt(transactionId, stranger)).status).toBe(401);
  });

  it('verifies with keys that anybody may read and keep for five minutes', async () => {
    const reply = await fetch(`${stack.apiUrl}/.well-known/jwks.json`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
    expect(reply.headers.get('content-type')).toContain('application/jwk-set+json');
    expect(await reply.json()).toStrictEqual({
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: expect.any(String),
          kid: sha256(`{"crv":"Ed25519","kty":"OKP","x":"${jwks.keys[0]?.x}"}`),
          alg: 'EdDSA',
          use: 'sig',
        },
      ],
    });
    expect((await fetch(`${stack.apiUrl}/.well-known/jwks.json`, { method: 'POST' })).status).toBe(405);
  });

  it('is saved by the portal on the command line, with all that its check needs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-receipt-'));
    const file = join(folder, 'receipt.json');
    const { credentials: client } = stack.portal;
    await writeFile(join(folder, 'demo.json'), JSON.stringify({ api: stack.apiUrl, client }));
    const args = ['start', '--user', 'alice', '--type', 'push', '--message', 'Pay?', '--receipt', file];
    const events = [];
    const portal = spawn(process.execPath, ['dev/portal.ts', '--json', ...args], {
      env: { ...process.env, COUNTERSIGN_DATA: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: portal.stdout })) {
      const event = JSON.parse(line);
      events.push(event.event);
      if (event.event !== 'begun') continue;
      await phone.client.approve(await phone.client.fetchChallenge(event.transaction_id));
    }
    expect(events).toEqual(['begun', 'callback', 'result', 'receipt']);
    expect(await verify(file, '--message', 'Pay?')).toMatchObject({ code: 0, last: { event: 'verified' } });
    await rm(folder, { recursive: true });
  });

  it('is checked on the command line, from a file, an address or both in one', async () => {
    const transactionId = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    const { receipt } = (await readReceipt(transactionId)).body;
    const folder = await mkdtemp(join(tmpdir(), 'countersign-receipt-'));
    const [alone, keys, both, changed] = ['alone', 'keys', 'both', 'changed'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    await writeFile(alone, receipt);
    await writeFile(keys, JSON.stringify(jwks));
    await writeFile(both, JSON.stringify({ receipt, jwks }));
    await writeFile(changed, JSON.stringify({ receipt: `${receipt.slice(0, -4)}AAAA`, jwks }));
    const url = `${stack.apiUrl}/.well-known/jwks.json`;
    expect(await verify(alone, '--jwks', keys)).toMatchObject({ code: 0, last: { event: 'verified' } });
    expect(await verify(alone, '--jwks', url)).toMatchObject({ code: 0, last: { event: 'verified' } });
    expect(await verify(both, '--message', 'Log in?')).toMatchObject({
      code: 0,
      last: { event: 'verified', claims: { transaction_id: transactionId } },
    });
    expect(await verify(both, '--message', 'Pay?')).toMatchObject({ code: 1, last: { check: 'shown_sha256' } });
    expect(await verify(changed)).toMatchObject({ code: 1, last: { event: 'fault', check: 'signature' } });
    expect(await verify(alone)).toMatchObject({ code: 1, last: { event: 'error' } });
    expect(await verify(join(folder, 'nothing'))).toMatchObject({ code: 1, last: { event: 'error' } });
    expect(await verify(alone, '--bogus')).toMatchObject({ code: 2, last: { event: 'error', code: 'usage' } });
    await rm(folder, { recursive: true });
  });
});

/** Runs the verifier; its exit code and the last line it said. */
function verify(...args: string[]): Promise<{ code: number; last: unknown }> {
  return new Promise((done, fail) => {
    const child = execFile(process.execPath, ['dev/verify-receipt.ts', '--json', ...args], (_error, out, err) => {
      const line = out.trimEnd().split('\n').at(-1);
      if (line) done({ code: child.exitCode ?? -1, last: JSON.parse(line) });
      else fail(new Error(`the verifier said nothing: ${err}`));
    });
  });
}
