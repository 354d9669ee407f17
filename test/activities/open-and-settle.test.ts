import { createOpenTransaction } from '../../activities/open-transaction.ts';
import type { Settlement } from '../../activities/ports.ts';
import { createSettleTransaction } from '../../activities/settle-transaction.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';

const SUBJECT = { userId: 'alice', clientId: 'portal', applicationId: 'app', deviceId: 'device' };

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
  const settle = createSettleTransaction({
    transactions: {
      async settle(settlement) {
        settled.push(settlement);
        return standing;
      },
    },
  });

  beforeEach(() => {
    settled.length = 0;
  });

  it('writes the outcome with its event, its subject and what it rests on', async () => {
    const outcome: FinalState = { status: 'denied', settledAtMs: 1, by: 'user', reason: 'not_me' };
    const evidence = { answer: 'armored', answerSha256: 'sha', enrolmentId: 'enrolment-1' };
    await settle({ transactionId: 'transaction-1', outcome, subject: SUBJECT, evidence });
    expect(settled).toStrictEqual([
      {
        outcome,
        event: { name: 'MOBILE_AUTH_NOT_AUTHENTICATED', details: { by: 'user', reason: 'not_me' } },
        subject: { transactionId: 'transaction-1', ...SUBJECT },
        evidence,
      },
    ]);
  });

  it('writes no evidence where there is none', async () => {
    await settle({ transactionId: 'transaction-1', outcome: { status: 'expired', settledAtMs: 1 }, subject: SUBJECT });
    expect(settled[0]).not.toHaveProperty('evidence');
    expect(settled[0]?.event).toStrictEqual({ name: 'MOBILE_AUTH_EXPIRED' });
  });

  it('gives back the outcome that stands, which may be another', async () => {
    const outcome: FinalState = { status: 'approved', settledAtMs: 10, method: 'push' };
    const result = await settle({ transactionId: 'transaction-1', outcome, subject: SUBJECT });
    expect(result).toStrictEqual(standing);
  });
});
