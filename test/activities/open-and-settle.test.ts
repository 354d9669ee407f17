import { createOpenTransaction } from '../../activities/open-transaction.ts';
import type { PendingTransaction, Settlement } from '../../activities/ports.ts';
import { createSettleTransaction } from '../../activities/settle-transaction.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';

it('opens with the times that the workflow counts by, not with those of the machine', async () => {
  const opened: unknown[][] = [];
  const transactions = { open: async (...args: unknown[]) => void opened.push(args) };
  const input = { transactionId: 'transaction-1' } as AuthenticateInput;
  await createOpenTransaction({ transactions })({ input, createdAtMs: 1, deadlineMs: 2 });
  expect(opened).toStrictEqual([[input, { createdAtMs: 1, deadlineMs: 2 }]]);
});

describe('settling', () => {
  const standing = { outcome: { status: 'expired', settledAtMs: 9 } as const, answerSha256: null, isNew: false };
  const settled: Settlement[] = [];
  const pending: PendingTransaction = {
    transactionId: 'transaction-1',
    clientId: 'portal',
    userId: 'alice',
    applicationId: 'app',
    deviceId: 'device',
    enrolmentId: 'enrolment-1',
    typeName: 'push',
    policyVersion: 3,
    method: 'push',
    createdAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_000_060_000,
    nowMs: 1_800_000_010_500,
    shownSha256: 'shown',
    deviceKeyThumbprint: 'thumbprint',
    pgpPublicKey: 'key',
  };
  let found: PendingTransaction | undefined;
  const settle = createSettleTransaction({
    receipts: {
      pgpFingerprintOf: async (key) => `fingerprint of ${key}`,
      sign: async (claims) => JSON.stringify(claims),
    },
    transactions: {
      findPending: async () => found,
      async settle(settlement) {
        settled.push(settlement);
        return standing;
      },
    },
  });

  beforeEach(() => {
    settled.length = 0;
    found = undefined;
  });

  it('writes the outcome with its event and what it rests on', async () => {
    const outcome: FinalState = { status: 'denied', settledAtMs: 1, by: 'user', reason: 'not_me' };
    const evidence = { answer: 'armored', answerSha256: 'sha', enrolmentId: 'enrolment-1' };
    await settle({ transactionId: 'transaction-1', outcome, evidence });
    expect(settled).toStrictEqual([
      {
        transactionId: 'transaction-1',
        outcome,
        event: { name: 'MOBILE_AUTH_NOT_AUTHENTICATED', details: { by: 'user', reason: 'not_me' } },
        receipt: null,
        evidence,
      },
    ]);
  });

  it('writes no evidence where there is none', async () => {
    await settle({ transactionId: 'transaction-1', outcome: { status: 'expired', settledAtMs: 1 } });
    expect(settled[0]).not.toHaveProperty('evidence');
    expect(settled[0]?.event).toStrictEqual({ name: 'MOBILE_AUTH_EXPIRED' });
  });

  const claims = async (outcome: FinalState, isAnswered = false): Promise<unknown> => {
    const evidence = { answer: 'armored', answerSha256: 'sha', enrolmentId: 'enrolment-1' };
    await settle({ transactionId: 'transaction-1', outcome, ...(isAnswered && { evidence }) });
    return JSON.parse(settled[0]?.receipt as string);
  };

  it('writes a receipt of what was asked, of whom, how it ended and by what', async () => {
    found = pending;
    expect(await claims({ status: 'approved', settledAtMs: 1_800_000_010_000, method: 'push' }, true)).toStrictEqual({
      iss: 'countersign',
      iat: 1_800_000_010,
      transaction_id: 'transaction-1',
      client_id: 'portal',
      user_id: 'alice',
      application_id: 'app',
      device_id: 'device',
      enrolment_id: 'enrolment-1',
      type: 'push',
      policy_version: 3,
      method: 'push',
      outcome: { status: 'approved' },
      shown_sha256: 'shown',
      device_key_thumbprint: 'thumbprint',
      device_pgp_fingerprint: 'fingerprint of key',
      answer: 'armored',
      answer_sha256: 'sha',
      created_at: '2027-01-15T08:00:00.000Z',
      expires_at: '2027-01-15T08:01:00.000Z',
      settled_at: '2027-01-15T08:00:10.000Z',
    });
  });

  it.each<[FinalState, object]>([
    [
      { status: 'denied', settledAtMs: 1, by: 'user', reason: 'not_me' },
      { status: 'denied', by: 'user', reason: 'not_me' },
    ],
    [
      { status: 'denied', settledAtMs: 1, by: 'operator' },
      { status: 'denied', by: 'operator' },
    ],
    [
      { status: 'failed', settledAtMs: 1, reason: 'failed_to_send' },
      { status: 'failed', reason: 'failed_to_send' },
    ],
    [{ status: 'expired', settledAtMs: 1 }, { status: 'expired' }],
    [
      { status: 'cancelled', settledAtMs: 1, by: 'portal' },
      { status: 'cancelled', by: 'portal' },
    ],
  ])('says in the receipt why and by whom %j', async (outcome, told) => {
    found = { ...pending, signingDataSha256: 'data', deviceKeyThumbprint: null, pgpPublicKey: null };
    const receipt = await claims(outcome);
    expect(receipt).toMatchObject({ outcome: told, method: 'push', signing_data_sha256: 'data' });
    expect(Object.keys(receipt as object)).not.toEqual(
      expect.arrayContaining(['answer', 'answer_sha256', 'device_key_thumbprint', 'device_pgp_fingerprint']),
    );
  });

  it('gives back the outcome that stands, which may be another', async () => {
    const outcome: FinalState = { status: 'approved', settledAtMs: 10, method: 'push' };
    const result = await settle({ transactionId: 'transaction-1', outcome });
    expect(result).toStrictEqual(standing);
  });
});
