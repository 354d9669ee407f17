import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createAttemptCallback } from '../../activities/attempt-callback.ts';
import { createDeliverCallback } from '../../activities/deliver-callback.ts';
import {
  createFakeCallbackLog,
  createFakeCallbackSender,
  type FakeCallbackLog,
  type FakeCallbackSender,
} from './fakes.ts';

const CALLBACK = { transactionId: 'transaction-1', callbackUri: 'https://portal.example/callback' };
const FIRST = { ...CALLBACK, mayHaveBeenCalled: false };
const TIMEOUT_MS = 15_000;

let callbackSender: FakeCallbackSender;
let callbackLog: FakeCallbackLog;

beforeEach(() => {
  callbackSender = createFakeCallbackSender();
  callbackLog = createFakeCallbackLog();
});

/** The SDK warns of every activity that fails, which here most of them are to. */
const quiet = new DefaultLogger('ERROR', () => {});

const dependencies = () => ({ callbackSender, callbackLog, callbackTimeoutMs: TIMEOUT_MS });

/** Runs the activity as the n-th attempt of Temporal. */
async function deliver(attempt = 1): Promise<unknown> {
  const environment = new MockActivityEnvironment({ attempt }, { logger: quiet });
  return environment.run(createDeliverCallback(dependencies()), CALLBACK).catch((error: unknown) => error);
}

describe('delivering', () => {
  it('ends when the portal has taken the callback', async () => {
    await expect(deliver()).resolves.toBeUndefined();
    expect(callbackSender.sends).toStrictEqual([{ ...CALLBACK, timeoutMs: TIMEOUT_MS }]);
    expect(callbackLog.attempts).toStrictEqual([
      { ok: true, httpStatus: 204, number: 1, durationMs: expect.any(Number) },
    ]);
  });

  it.each([
    [1, 2],
    [2, 5],
    [3, 15],
    [4, 60],
    [5, 300],
    [6, 1_800],
    [7, 7_200],
    [8, 18_000],
    [9, 36_000],
    [10, 36_000],
    [25, 36_000],
  ])('fails after attempt %d so that the next comes about %d seconds later', async (attempt, seconds) => {
    callbackSender.attempt = { ok: false, failure: 'refused', httpStatus: 503 };
    const failure = await deliver(attempt);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    const { type, nonRetryable, nextRetryDelay } = failure as ApplicationFailure;
    expect({ type, nonRetryable }).toStrictEqual({ type: 'callback_not_delivered', nonRetryable: false });
    expect(nextRetryDelay).toBeGreaterThanOrEqual(seconds * 800);
    expect(nextRetryDelay).toBeLessThanOrEqual(seconds * 1_200);
    expect(callbackLog.attempts).toStrictEqual([
      { ok: false, failure: 'refused', httpStatus: 503, number: attempt, durationMs: expect.any(Number) },
    ]);
  });

  it('says why, and not where or for whom', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    const failure = (await deliver()) as ApplicationFailure;
    expect(failure.message).toBe('the portal did not take the callback: timeout');
  });

  it('does not call again when the log has a delivery already', async () => {
    await deliver(1);
    await expect(deliver(2)).resolves.toBeUndefined();
    expect(callbackSender.sends).toHaveLength(1);
    expect(callbackLog.attempts).toHaveLength(1);
  });

  it('goes on to call while the log has failures only', async () => {
    callbackSender.attempt = { ok: false, failure: 'refused', httpStatus: 500 };
    await deliver(1);
    callbackSender.attempt = { ok: true, httpStatus: 200 };
    await expect(deliver(2)).resolves.toBeUndefined();
    expect(callbackLog.attempts.map(({ ok, number }) => [ok, number])).toStrictEqual([
      [false, 1],
      [true, 2],
    ]);
  });

  it('calls an ailing address too: it is the patient one', async () => {
    callbackSender.isAiling = true;
    await expect(deliver()).resolves.toBeUndefined();
    expect(callbackSender.sends).toHaveLength(1);
  });

  it('is tried again, without a schedule of ours, when the log can not be written', async () => {
    callbackLog.record = () => Promise.reject(new Error('database is gone'));
    const failure = await deliver();
    expect(failure).toMatchObject({ message: 'database is gone' });
    expect(failure).not.toBeInstanceOf(ApplicationFailure);
  });
});

describe('the quick first attempt', () => {
  it('is made within a second, as number 0, and says whether the portal took it', async () => {
    const attemptCallback = createAttemptCallback(dependencies());
    await expect(attemptCallback(FIRST)).resolves.toStrictEqual({ delivered: true });
    expect(callbackSender.sends).toStrictEqual([{ ...CALLBACK, timeoutMs: 1_000 }]);
    expect(callbackLog.attempts).toMatchObject([{ ok: true, number: 0 }]);
  });

  it('is a value when it fails, for the patient delivery to go on', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    await expect(createAttemptCallback(dependencies())(FIRST)).resolves.toStrictEqual({ delivered: false });
    expect(callbackLog.attempts).toMatchObject([{ ok: false, failure: 'timeout', number: 0 }]);
  });

  it('is spared an address that is ailing, and leaves no trace', async () => {
    callbackSender.isAiling = true;
    await expect(createAttemptCallback(dependencies())(FIRST)).resolves.toStrictEqual({ delivered: false });
    expect(callbackSender.sends).toStrictEqual([]);
    expect(callbackLog.attempts).toStrictEqual([]);
  });

  it('does not call again when its own result was lost', async () => {
    const attemptCallback = createAttemptCallback(dependencies());
    await attemptCallback(FIRST);
    await expect(attemptCallback({ ...CALLBACK, mayHaveBeenCalled: true })).resolves.toStrictEqual({ delivered: true });
    expect(callbackSender.sends).toHaveLength(1);
  });
});
