import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { createSettleTransaction } from '../../activities/settle-transaction.ts';
import { createReceiptStore } from '../../db/receipts.ts';
import { loadOrCreateServerKey } from '../../db/server-keys.ts';
import { generateEvidenceKey } from '../../runtime/evidence-key.ts';
import { APPLICATION_ID, CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let phone: Enrolled;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
});

afterAll(() => fixture.database.drop());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

describe('what a receipt rests on', () => {
  it('is the transaction with the keys of its phone, and of its texts only the hash of what was shown', async () => {
    const times = { createdAtMs: 1_800_000_000_123, deadlineMs: 1_800_000_060_123 };
    const transactionId = await fixture.open(phone, { secureMessage: 'Pay 10 € to Bob?' }, times);
    const { signing_key: key, pgp_public_key } = await fixture
      .knex('enrolments')
      .where({ id: phone.enrolmentId })
      .first();
    const pending = await fixture.transactions.findPending(transactionId);
    expect(pending).toStrictEqual({
      transactionId,
      clientId: CLIENT_ID,
      userId: 'alice',
      applicationId: APPLICATION_ID,
      deviceId: phone.deviceId,
      enrolmentId: phone.enrolmentId,
      typeName: 'push',
      policyVersion: 3,
      method: 'push',
      createdAtMs: times.createdAtMs,
      expiresAtMs: times.deadlineMs,
      nowMs: expect.any(Number),
      shownSha256: sha256('Pay 10 € to Bob?'),
      // RFC 7638: the required members in alphabetical order, nothing else.
      deviceKeyThumbprint: sha256(`{"crv":"P-256","kty":"EC","x":"${key.x}","y":"${key.y}"}`),
      pgpPublicKey: pgp_public_key,
    });
  });

  it('is the short message where there is no other', async () => {
    const transactionId = await fixture.open(phone, { message: 'Log in?' });
    expect(await fixture.transactions.findPending(transactionId)).toMatchObject({ shownSha256: sha256('Log in?') });
  });

  it('is there also when the enrolment is gone: a transaction must be able to end', async () => {
    const transactionId = await fixture.open(phone, { enrolmentId: uuidv7() });
    expect(await fixture.transactions.findPending(transactionId)).toMatchObject({
      deviceKeyThumbprint: null,
      pgpPublicKey: null,
    });
  });

  it('is nothing where nothing can be settled any more', async () => {
    expect(await fixture.transactions.findPending(uuidv7())).toBeUndefined();
  });
});

it('sixteen that settle at once leave one receipt, of the outcome that stands', async () => {
  const transactionId = await fixture.open(phone);
  const signed: string[] = [];
  const settle = createSettleTransaction({
    transactions: fixture.transactions,
    receipts: {
      pgpFingerprintOf: async () => 'fingerprint',
      async sign(claims) {
        signed.push(JSON.stringify(claims));
        return JSON.stringify(claims);
      },
    },
  });
  const standing = await Promise.all(
    sixteen((index) =>
      settle({
        transactionId,
        outcome: { status: 'cancelled', settledAtMs: 1_800_000_000_000 + index * 1_000, by: 'portal' },
      }),
    ),
  );
  const kept = await fixture.knex('receipts').where({ transaction_id: transactionId }).pluck('receipt');
  expect(kept).toHaveLength(1);
  expect(signed).toContain(kept[0]);
  const settledAtMs = standing[0]?.outcome.settledAtMs as number;
  expect(JSON.parse(kept[0])).toMatchObject({ settled_at: new Date(settledAtMs).toISOString() });

  const signedBefore = signed.length;
  await settle({ transactionId, outcome: { status: 'expired', settledAtMs: 1 } });
  expect(signed).toHaveLength(signedBefore);
});

describe('reading', () => {
  it('tells a transaction without receipt from one that is pending, and neither to another client', async () => {
    const store = createReceiptStore(fixture.knex);
    const transactionId = await fixture.open(phone);
    expect(await store.findForClient(transactionId, CLIENT_ID)).toStrictEqual({ isPending: true, receipt: null });
    await fixture.transactions.settle({
      outcome: { status: 'expired', settledAtMs: 1 },
      event: { name: 'MOBILE_AUTH_EXPIRED' },
      transactionId,
      receipt: 'the receipt',
    });
    expect(await store.findForClient(transactionId, CLIENT_ID)).toStrictEqual({
      isPending: false,
      receipt: 'the receipt',
    });
    await fixture.knex('receipts').where({ transaction_id: transactionId }).delete();
    expect(await store.findForClient(transactionId, CLIENT_ID)).toStrictEqual({ isPending: false, receipt: null });
    expect(await store.findForClient(transactionId, 'other')).toBeUndefined();
    expect(await store.findForClient(uuidv7(), CLIENT_ID)).toBeUndefined();
  });

  it('the evidence key has its own place beside the OpenPGP key, and only its public half is read', async () => {
    const store = createReceiptStore(fixture.knex);
    expect(await store.listEvidenceKeys()).toStrictEqual([]);
    const pgp = { publicKey: 'public', privateKey: 'private' };
    await loadOrCreateServerKey(fixture.knex, fixture.keyring, async () => pgp);
    const made = await Promise.all(
      sixteen(() => loadOrCreateServerKey(fixture.knex, fixture.keyring, generateEvidenceKey, 'evidence')),
    );
    expect(new Set(made.map(({ privateKey }) => privateKey)).size).toBe(1);
    expect(await store.listEvidenceKeys()).toStrictEqual([made[0]?.publicKey]);
    expect(JSON.parse(made[0]?.publicKey as string)).not.toHaveProperty('d');
    expect(await loadOrCreateServerKey(fixture.knex, fixture.keyring, generateEvidenceKey)).toStrictEqual(pgp);
  });
});
