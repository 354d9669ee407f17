import type { PushFailure, PushRefusal } from '../../activities/ports.ts';
import { createSendPush, type SendPushRequest } from '../../activities/send-push.ts';
import {
  createFakePushConsequences,
  createFakePushLog,
  createFakePushSender,
  type FakePushConsequences,
  type FakePushLog,
  type FakePushSender,
} from './fakes.ts';

const REQUEST = { transactionId: 'transaction-1', step: 0 };
const BUDGET_MS = 3_000;

let pushLog: FakePushLog;
let pushSender: FakePushSender;
let consequences: FakePushConsequences;

beforeEach(() => {
  pushLog = createFakePushLog();
  pushSender = createFakePushSender();
  consequences = createFakePushConsequences();
});

function sendPush(request: SendPushRequest = REQUEST) {
  const { pushEnrolments, pushAlarms } = consequences;
  return createSendPush({ pushLog, pushSender, pushEnrolments, pushAlarms, pushTimeoutMs: BUDGET_MS })(request);
}

it('hands the push over with everything the phone needs, and records it', async () => {
  pushLog = createFakePushLog({ createdAtMs: 1_800_000_000_000, deadlineMs: 1_800_000_060_000, message: 'Pay?' });
  await expect(sendPush()).resolves.toStrictEqual({ ok: true });
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
        expiresAtMs: 1_800_000_060_000,
        step: 0,
        apns: { topic: 'com.example.bank', environment: 'production', badge: null },
      },
      attempt: { withinMs: expect.any(Number), onFreshConnection: false },
    },
  ]);
  expect([...pushLog.sent]).toStrictEqual([['transaction-1/0', 'provider-message']]);
  expect(pushLog.failed).toStrictEqual([]);
});

it('does not send a step again that was handed over before', async () => {
  await sendPush();
  await expect(sendPush()).resolves.toStrictEqual({ ok: true });
  expect(pushSender.pushes).toHaveLength(1);
  expect(pushLog.sent.size).toBe(1);
});

it('does not send a step again that was handed over and could not be recorded, and records it then', async () => {
  const { pushEnrolments, pushAlarms } = consequences;
  const { recordSent } = pushLog;
  const send = createSendPush({ pushLog, pushSender, pushEnrolments, pushAlarms, pushTimeoutMs: BUDGET_MS });
  pushLog.recordSent = () => Promise.reject(new Error('the disk is full'));
  for (let run = 0; run < 3; run += 1) await expect(send(REQUEST)).rejects.toThrow('the disk is full');
  pushLog.recordSent = recordSent;
  await expect(send(REQUEST)).resolves.toStrictEqual({ ok: true });
  expect(pushSender.pushes).toHaveLength(1);
  expect([...pushLog.sent]).toStrictEqual([['transaction-1/0', 'provider-message']]);
});

it('sends each further step', async () => {
  for (const step of [0, 1, 2]) await sendPush({ ...REQUEST, step });
  expect(pushSender.pushes).toHaveLength(3);
  expect([...pushLog.sent.keys()]).toStrictEqual(['transaction-1/0', 'transaction-1/1', 'transaction-1/2']);
});

it('sends nothing to an enrolment that is gone, and records why', async () => {
  pushLog.due = undefined;
  const result = await sendPush({ ...REQUEST, step: 1 });
  expect(result).toStrictEqual({ ok: false, failure: 'token_gone' });
  expect(pushSender.pushes).toStrictEqual([]);
  expect(pushLog.failed).toStrictEqual([{ step: 1, refusals: [{ ok: false, failure: 'token_gone' }] }]);
  expect(consequences.ended).toStrictEqual([]);
});

it('sends nothing of a transaction that has ended, and blames neither the token nor the provider', async () => {
  pushLog = createFakePushLog({ isPending: false });
  await expect(sendPush()).resolves.toStrictEqual({ ok: false, failure: 'transaction_over' });
  expect(pushSender.pushes).toStrictEqual([]);
  expect(pushLog.failed).toStrictEqual([]);
  expect([consequences.ended, consequences.alarms]).toStrictEqual([[], []]);
});

it('says of a step that was handed over that it was, also after the end', async () => {
  await sendPush();
  pushLog.due = pushLog.due && { ...pushLog.due, isPending: false };
  await expect(sendPush()).resolves.toStrictEqual({ ok: true });
});

it.each<PushFailure>(['token_gone', 'misconfigured', 'throttled', 'provider_unavailable', 'message_refused'])(
  'records the refusal %s and says so, and may be tried again',
  async (failure) => {
    pushSender.receipt = { ok: false, failure };
    await expect(sendPush()).resolves.toStrictEqual({ ok: false, failure });
    const attempts = failure === 'provider_unavailable' ? 2 : 1;
    expect(pushLog.failed).toStrictEqual([{ step: 0, refusals: Array(attempts).fill({ ok: false, failure }) }]);
    expect(pushLog.sent.size).toBe(0);
    pushSender.receipt = { ok: true, providerMessageId: 'second' };
    await expect(sendPush()).resolves.toStrictEqual({ ok: true });
    expect([...pushLog.sent.values()]).toStrictEqual(['second']);
  },
);

it('tries once more on a fresh connection when the provider is ailing, and records the first refusal', async () => {
  const refusal: PushRefusal = { ok: false, failure: 'provider_unavailable', providerCode: 'UNAVAILABLE' };
  pushSender.firstReceipts.push(refusal);
  await expect(sendPush()).resolves.toStrictEqual({ ok: true });
  expect(pushSender.pushes.map(({ attempt }) => attempt.onFreshConnection)).toStrictEqual([false, true]);
  const [first, second] = pushSender.pushes.map(({ attempt }) => attempt.withinMs);
  expect(second).toBeLessThan(first as number);
  expect(pushLog.refused).toStrictEqual([{ step: 0, refusals: [refusal] }]);
});

it('does not wait for a provider that asks for more time than there is', async () => {
  pushSender.receipt = { ok: false, failure: 'throttled', retryAfterMs: BUDGET_MS };
  await expect(sendPush()).resolves.toStrictEqual({ ok: false, failure: 'throttled' });
  expect(pushSender.pushes).toHaveLength(1);
});

it('ends the push enrolment whose token is gone, with what the provider said of it', async () => {
  pushSender.receipt = {
    ok: false,
    failure: 'token_gone',
    providerCode: 'Unregistered',
    goneSinceMs: 1_700_000_000_000,
  };
  await sendPush();
  expect(consequences.ended).toStrictEqual([
    {
      enrolmentId: 'enrolment',
      applicationId: 'application',
      transactionId: 'transaction-1',
      pushToken: 'push-token',
      goneSinceMs: 1_700_000_000_000,
      providerCode: 'Unregistered',
    },
  ]);
  expect(consequences.alarms).toStrictEqual([]);
});

it('raises an alarm for a configuration that the provider does not take, and leaves the token alone', async () => {
  pushSender.receipt = { ok: false, failure: 'misconfigured', providerCode: 'http_401' };
  await sendPush();
  expect(consequences.alarms).toStrictEqual([
    { pushConfigurationId: 'configuration', failure: 'misconfigured', providerCode: 'http_401' },
  ]);
  expect(consequences.ended).toStrictEqual([]);
});

it.each<PushFailure>(['throttled', 'provider_unavailable', 'message_refused'])(
  'neither ends an enrolment nor raises an alarm for %s',
  async (failure) => {
    pushSender.receipt = { ok: false, failure };
    await sendPush();
    expect([consequences.ended, consequences.alarms]).toStrictEqual([[], []]);
  },
);

it('lets breakage of the database and of the sender be seen, so that the step is tried again', async () => {
  const working = pushLog;
  pushLog = { ...working, recordSent: () => Promise.reject(new Error('database is gone')) };
  await expect(sendPush()).rejects.toThrow('database is gone');
  pushLog = working;
  pushSender.send = () => Promise.reject(new Error('a bug'));
  await expect(sendPush()).rejects.toThrow('a bug');
  expect(pushLog.failed).toStrictEqual([]);
});

describe('the time of a push', () => {
  it('is never more than its budget', async () => {
    await sendPush();
    expect(pushSender.pushes[0]?.attempt.withinMs).toBeLessThanOrEqual(BUDGET_MS);
    expect(pushSender.pushes[0]?.attempt.withinMs).toBeGreaterThan(0);
  });

  it('is never more than whoever asked for it waits', async () => {
    await sendPush({ ...REQUEST, withinMs: 500 });
    expect(pushSender.pushes[0]?.attempt.withinMs).toBeLessThanOrEqual(500);
  });

  it('is never more than what is left of the transaction', async () => {
    pushLog = createFakePushLog({ deadlineMs: Date.now() + 1_500 });
    await sendPush();
    expect(pushSender.pushes[0]?.attempt.withinMs).toBeLessThanOrEqual(1_500);
  });
});

describe('the time to live of a push', () => {
  it('is what is left of the transaction, in whole seconds', async () => {
    const deadlineMs = Date.now() + 90_500;
    pushLog = createFakePushLog({ deadlineMs });
    const atMostSeconds = Math.floor((deadlineMs - Date.now()) / 1_000);
    await sendPush();
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
    pushLog = createFakePushLog({ deadlineMs: Date.now() + leftMs });
    await sendPush();
    expect(pushSender.pushes[0]?.push.timeToLiveSeconds).toBe(1);
  });
});
