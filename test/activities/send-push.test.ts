import { createSendPush } from '../../activities/send-push.ts';
import { createFakePushLog, createFakePushSender } from './fakes.ts';

const REQUEST = { transactionId: 'transaction-1', step: 0 };

it('hands the push over with everything the phone needs, and records it', async () => {
  const pushLog = createFakePushLog({ createdAtMs: 1_800_000_000_000, message: 'Pay?' });
  const pushSender = createFakePushSender();
  await expect(createSendPush({ pushLog, pushSender, pushTimeoutMs: 3_000 })(REQUEST)).resolves.toStrictEqual({
    ok: true,
  });
  expect(pushSender.pushes).toStrictEqual([
    {
      configurationId: 'configuration',
      push: {
        pushToken: 'push-token',
        transactionId: 'transaction-1',
        userId: 'alice',
        message: 'Pay?',
        sentAtMs: 1_800_000_000_000,
        timeToLiveSeconds: expect.any(Number),
      },
      attempt: { withinMs: 3_000, onFreshConnection: false },
    },
  ]);
  expect([...pushLog.sent]).toStrictEqual([['transaction-1/0', 'provider-message']]);
  expect(pushLog.failed).toStrictEqual([]);
});

it('does not send a step again that was handed over before', async () => {
  const pushLog = createFakePushLog();
  const pushSender = createFakePushSender();
  const sendPush = createSendPush({ pushLog, pushSender, pushTimeoutMs: 3_000 });
  await sendPush(REQUEST);
  await expect(sendPush(REQUEST)).resolves.toStrictEqual({ ok: true });
  expect(pushSender.pushes).toHaveLength(1);
  expect(pushLog.sent.size).toBe(1);
});

it('sends each further step', async () => {
  const pushLog = createFakePushLog();
  const pushSender = createFakePushSender();
  const sendPush = createSendPush({ pushLog, pushSender, pushTimeoutMs: 3_000 });
  for (const step of [0, 1, 2]) await sendPush({ ...REQUEST, step });
  expect(pushSender.pushes).toHaveLength(3);
  expect([...pushLog.sent.keys()]).toStrictEqual(['transaction-1/0', 'transaction-1/1', 'transaction-1/2']);
});

it('sends nothing to an enrolment that is gone, and records why', async () => {
  const pushLog = createFakePushLog();
  pushLog.due = undefined;
  const pushSender = createFakePushSender();
  const result = await createSendPush({ pushLog, pushSender, pushTimeoutMs: 3_000 })({ ...REQUEST, step: 1 });
  expect(result).toStrictEqual({ ok: false, failure: 'token_gone' });
  expect(pushSender.pushes).toStrictEqual([]);
  expect(pushLog.failed).toStrictEqual([{ step: 1, failure: 'token_gone' }]);
});

it.each(['token_gone', 'misconfigured', 'throttled', 'provider_unavailable', 'message_refused'] as const)(
  'records the refusal %s and says so, and may be tried again',
  async (failure) => {
    const pushLog = createFakePushLog();
    const pushSender = createFakePushSender();
    const sendPush = createSendPush({ pushLog, pushSender, pushTimeoutMs: 3_000 });
    pushSender.receipt = { ok: false, failure };
    await expect(sendPush(REQUEST)).resolves.toStrictEqual({ ok: false, failure });
    expect(pushLog.failed).toStrictEqual([{ step: 0, failure }]);
    expect(pushLog.sent.size).toBe(0);
    pushSender.receipt = { ok: true, providerMessageId: 'second' };
    await expect(sendPush(REQUEST)).resolves.toStrictEqual({ ok: true });
    expect([...pushLog.sent.values()]).toStrictEqual(['second']);
  },
);

it('lets breakage of the database and of the sender be seen, so that the step is tried again', async () => {
  const pushLog = createFakePushLog();
  const pushSender = createFakePushSender();
  const broken = { ...pushLog, recordSent: () => Promise.reject(new Error('database is gone')) };
  await expect(createSendPush({ pushLog: broken, pushSender, pushTimeoutMs: 3_000 })(REQUEST)).rejects.toThrow(
    'database is gone',
  );
  const bug = { send: () => Promise.reject(new Error('a bug')) };
  await expect(createSendPush({ pushLog, pushSender: bug, pushTimeoutMs: 3_000 })(REQUEST)).rejects.toThrow('a bug');
  expect(pushLog.failed).toStrictEqual([]);
});

describe('the time to live of a push', () => {
  it('is what is left of the transaction, in whole seconds', async () => {
    const deadlineMs = Date.now() + 90_500;
    const pushSender = createFakePushSender();
    const sendPush = createSendPush({ pushLog: createFakePushLog({ deadlineMs }), pushSender, pushTimeoutMs: 3_000 });
    const atMostSeconds = Math.floor((deadlineMs - Date.now()) / 1_000);
    await sendPush(REQUEST);
    const atLeastSeconds = Math.floor((deadlineMs - Date.now()) / 1_000);
    const seconds = pushSender.pushes[0]?.push.timeToLiveSeconds;
    expect(Number.isInteger(seconds)).toBe(true);
    expect(seconds).toBeGreaterThanOrEqual(atLeastSeconds);
    expect(seconds).toBeLessThanOrEqual(atMostSeconds);
  });

  it.each([
    ['ends within the second', 400],
    ['has just ended', -1],
    ['ended long ago', -3_600_000],
  ])('is never less than a second, also when the transaction %s', async (_name, leftMs) => {
    const pushSender = createFakePushSender();
    const pushLog = createFakePushLog({ deadlineMs: Date.now() + leftMs });
    await createSendPush({ pushLog, pushSender, pushTimeoutMs: 3_000 })(REQUEST);
    expect(pushSender.pushes[0]?.push.timeToLiveSeconds).toBe(1);
  });
});
