import { createBeginTransaction } from '../../activities/begin-transaction.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';
import { createFakePushConsequences, createFakePushLog, createFakePushSender } from './fakes.ts';

const PUSH_TIMEOUT_MS = 3_000;

/** How long the provider is given in a begin that started a second ago. */
async function timeOfPush(handOffWithinMs: number | null): Promise<number | undefined> {
  const pushSender = createFakePushSender();
  const begin = createBeginTransaction({
    transactions: { open: async () => {} },
    pushLog: createFakePushLog(),
    ...{ pushSender, ...createFakePushConsequences(), pushTimeoutMs: PUSH_TIMEOUT_MS },
    // It asks for a push alone: a call of these would fail the test.
    ...{ smsLog: undefined as never, smsGateways: undefined as never, smsCodes: undefined as never, smsTimeoutMs: 1 },
  });
  const input = { transactionId: 'transaction-1', handOffWithinMs, policy: { method: 'push' } } as AuthenticateInput;
  const createdAtMs = Date.now() - 1_000;
  expect(await begin({ input, createdAtMs, deadlineMs: createdAtMs + 60_000 })).toEqual({ ok: true });
  return pushSender.pushes[0]?.attempt.withinMs;
}

it('gives the push no more time than the portal still waits, less what recording it takes', async () => {
  expect(await timeOfPush(3_000)).toBeLessThanOrEqual(1_600);
});

it('gives a push little time, and not none, where the portal has waited for long', async () => {
  const withinMs = await timeOfPush(1_000);
  expect(withinMs).toBeGreaterThan(0);
  expect(withinMs).toBeLessThanOrEqual(1_000);
});

it('gives the push all its time where the portal comes back for the outcome', async () => {
  expect(await timeOfPush(null)).toBeGreaterThan(1_600);
});

it('is not tried again once the portal is gone', async () => {
  const pushSender = createFakePushSender();
  let opened = 0;
  const open = async (): Promise<void> => {
    opened += 1;
    throw new Error('no room');
  };
  const begin = createBeginTransaction({
    transactions: { open },
    pushLog: createFakePushLog(),
    ...{ pushSender, ...createFakePushConsequences(), pushTimeoutMs: PUSH_TIMEOUT_MS },
    ...{ smsLog: undefined as never, smsGateways: undefined as never, smsCodes: undefined as never, smsTimeoutMs: 1 },
  });
  const input = { transactionId: 'transaction-1', handOffWithinMs: 0, policy: { method: 'push' } } as AuthenticateInput;
  const request = { input, createdAtMs: Date.now(), deadlineMs: Date.now() + 60_000 };
  await expect(begin(request)).rejects.toThrow('no room');
  await expect(begin(request)).rejects.toMatchObject({ type: 'too_late', nonRetryable: true });
  expect(opened).toBe(1);
  expect(pushSender.pushes).toEqual([]);
});
