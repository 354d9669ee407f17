import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createAttemptCallback } from '../../activities/attempt-callback.ts';
import { createDeliverCallback, type DeliveryRequest } from '../../activities/deliver-callback.ts';
import {
  createFakeCallbackLog,
  createFakeCallbackQuarantine,
  createFakeCallbackSender,
  type FakeCallbackLog,
  type FakeCallbackQuarantine,
  type FakeCallbackSender,
} from './fakes.ts';

const CALLBACK = { transactionId: 'transaction-1', callbackUri: 'https://portal.example/callback?state=1' };
const ADDRESS = 'https://portal.example/callback';
const FIRST = { ...CALLBACK, mayHaveBeenCalled: false };
const REDELIVERY = { ...CALLBACK, redelivery: { number: 1, requestId: 'request-1' } };
const TIMEOUT_MS = 15_000;
const MINUTE_MS = 60_000;

let callbackSender: FakeCallbackSender;
let callbackLog: FakeCallbackLog;
let callbackQuarantine: FakeCallbackQuarantine;

beforeEach(() => {
  callbackSender = createFakeCallbackSender();
  callbackLog = createFakeCallbackLog();
  callbackQuarantine = createFakeCallbackQuarantine();
});

/** The SDK warns of every activity that fails, which here most of them are to. */
const quiet = new DefaultLogger('ERROR', () => {});

const dependencies = () => ({ callbackSender, callbackLog, callbackQuarantine, callbackTimeoutMs: TIMEOUT_MS });

async function deliver(request: DeliveryRequest = CALLBACK): Promise<unknown> {
  const environment = new MockActivityEnvironment({}, { logger: quiet });
  return environment.run(createDeliverCallback(dependencies()), request).catch((error: unknown) => error);
}

async function deliverTimes(times: number, request?: DeliveryRequest): Promise<unknown> {
  let result: unknown;
  for (let time = 0; time < times; time += 1) result = await deliver(request);
  return result;
}

describe('delivering', () => {
  it('ends when the portal has taken the callback', async () => {
    await expect(deliver()).resolves.toBeUndefined();
    expect(callbackSender.sends).toStrictEqual([{ ...CALLBACK, timeoutMs: TIMEOUT_MS }]);
    expect(callbackLog.attempts).toStrictEqual([
      {
        ok: true,
        httpStatus: 204,
        transactionId: CALLBACK.transactionId,
        address: ADDRESS,
        delivery: 0,
        number: 1,
        durationMs: expect.any(Number),
      },
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
    const failure = await deliverTimes(attempt);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    const { type, nonRetryable, nextRetryDelay } = failure as ApplicationFailure;
    expect({ type, nonRetryable }).toStrictEqual({ type: 'callback_not_delivered', nonRetryable: false });
    expect(nextRetryDelay).toBeGreaterThanOrEqual(seconds * 800);
    expect(nextRetryDelay).toBeLessThanOrEqual(seconds * 1_200);
    expect(callbackLog.attempts).toHaveLength(attempt);
    expect(callbackLog.attempts.at(-1)).toMatchObject({ failure: 'refused', httpStatus: 503, number: attempt });
  });

  it('says why, and not where or for whom', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    const failure = (await deliver()) as ApplicationFailure;
    expect(failure.message).toBe('the portal did not take the callback: timeout');
  });

  it('does not call again when the log has a delivery already', async () => {
    await expect(deliverTimes(2)).resolves.toBeUndefined();
    expect(callbackSender.sends).toHaveLength(1);
    expect(callbackLog.attempts).toHaveLength(1);
  });

  it('goes on to call while the log has failures only', async () => {
    callbackSender.attempt = { ok: false, failure: 'refused', httpStatus: 500 };
    await deliver();
    callbackSender.attempt = { ok: true, httpStatus: 200 };
    await expect(deliver()).resolves.toBeUndefined();
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

describe('delivering once more', () => {
  it('is not kept back by the delivery there was', async () => {
    await deliver();
    await expect(deliver(REDELIVERY)).resolves.toBeUndefined();
    expect(callbackLog.attempts.map(({ delivery, number }) => [delivery, number])).toStrictEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('calls once when it is run again', async () => {
    await deliverTimes(3, REDELIVERY);
    expect(callbackSender.sends).toHaveLength(1);
  });

  it('does nothing under a number that another request has', async () => {
    await deliver(REDELIVERY);
    const another = { ...CALLBACK, redelivery: { number: 1, requestId: 'request-2' } };
    await expect(deliver(another)).resolves.toBeUndefined();
    expect(callbackSender.sends).toHaveLength(1);
  });

  it('is given up after six attempts', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    expect(await deliverTimes(5, REDELIVERY)).toMatchObject({ type: 'callback_not_delivered', nonRetryable: false });
    expect(await deliver(REDELIVERY)).toMatchObject({ type: 'callback_given_up', nonRetryable: true });
    expect(callbackLog.attempts).toHaveLength(6);
  });

  it('ends the delivery that was still trying', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    await deliver();
    callbackSender.attempt = { ok: true, httpStatus: 204 };
    await deliver(REDELIVERY);
    await expect(deliver()).resolves.toBeUndefined();
    expect(callbackSender.sends).toHaveLength(2);
  });
});

describe('an address that fails', () => {
  const failing = { consecutive: 5, sinceMs: 0, isQuarantined: false, nowMs: 5 * MINUTE_MS };

  beforeEach(() => {
    callbackSender.attempt = { ok: false, failure: 'refused', httpStatus: 503 };
  });

  it('is put into quarantine when the rule says so, for a minute at first', async () => {
    callbackLog.failing = failing;
    await deliver();
    expect(callbackQuarantine.calls).toStrictEqual([['begin', ADDRESS, CALLBACK.transactionId, MINUTE_MS]]);
  });

  it.each([
    ['it has not failed often enough', { consecutive: 4 }],
    ['it has not failed long enough', { sinceMs: 1 }],
    ['it is there already', { isQuarantined: true }],
  ])('is not when %s', async (_name, change) => {
    callbackLog.failing = { ...failing, ...change };
    await deliver();
    expect(callbackQuarantine.calls).toStrictEqual([]);
  });
});

describe('an address in quarantine', () => {
  beforeEach(() => {
    callbackQuarantine.standing = { trials: 1, waitMs: 90_000 };
  });

  it('is not called before its time, and costs the callback no attempt', async () => {
    const failure = (await deliver()) as ApplicationFailure;
    expect(failure.message).toBe('the portal did not take the callback: the address is in quarantine');
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(90_000);
    expect(failure.nextRetryDelay).toBeLessThanOrEqual(108_000);
    expect(callbackSender.sends).toStrictEqual([]);
    expect(callbackLog.attempts).toStrictEqual([]);
  });

  it('is called when its time has come, by the one who claims that', async () => {
    callbackQuarantine.standing = { trials: 1, waitMs: 0 };
    await expect(deliver()).resolves.toBeUndefined();
    expect(callbackQuarantine.calls).toStrictEqual([['claimTrial', ADDRESS, 1, 5 * MINUTE_MS]]);
    expect(callbackSender.sends).toHaveLength(1);
  });

  it('is not called by one who comes second', async () => {
    callbackQuarantine.standing = { trials: 1, waitMs: 0 };
    callbackQuarantine.isClaimable = false;
    const failure = (await deliver()) as ApplicationFailure;
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(callbackSender.sends).toStrictEqual([]);
  });

  it('that fails again is left alone until its next trial, however soon the callback itself would be due', async () => {
    callbackQuarantine.standing = { trials: 1, waitMs: 0 };
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    const failure = (await deliver()) as ApplicationFailure;
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(callbackLog.attempts).toHaveLength(1);
  });

  it('is called at once for a portal that asks for it, once', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    const failure = (await deliver(REDELIVERY)) as ApplicationFailure;
    expect(callbackSender.sends).toHaveLength(1);
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(90_000);
    await deliver(REDELIVERY);
    expect(callbackSender.sends).toHaveLength(1);
  });
});

describe('the quick first attempt', () => {
  it('is made within a second, as number 0, and says whether the portal took it', async () => {
    const attemptCallback = createAttemptCallback(dependencies());
    await expect(attemptCallback(FIRST)).resolves.toStrictEqual({ delivered: true });
    expect(callbackSender.sends).toStrictEqual([{ ...CALLBACK, timeoutMs: 1_000 }]);
    expect(callbackLog.attempts).toMatchObject([{ ok: true, delivery: 0, number: 0 }]);
  });

  it('is a value when it fails, for the patient delivery to go on', async () => {
    callbackSender.attempt = { ok: false, failure: 'timeout' };
    await expect(createAttemptCallback(dependencies())(FIRST)).resolves.toStrictEqual({ delivered: false });
    expect(callbackLog.attempts).toMatchObject([{ ok: false, failure: 'timeout', number: 0 }]);
    await deliver();
    expect(callbackLog.attempts).toMatchObject([{ number: 0 }, { number: 1 }]);
  });

  it.each([
    ['ailing', () => (callbackSender.isAiling = true)],
    ['in quarantine', () => (callbackQuarantine.standing = { trials: 0, waitMs: 0 })],
  ])('is spared an address that is %s, and leaves no trace', async (_name, arrange) => {
    arrange();
    await expect(createAttemptCallback(dependencies())(FIRST)).resolves.toStrictEqual({ delivered: false });
    expect(callbackSender.sends).toStrictEqual([]);
    expect(callbackLog.attempts).toStrictEqual([]);
    expect(callbackQuarantine.calls).toStrictEqual([]);
  });

  it('does not call again when its own result was lost', async () => {
    const attemptCallback = createAttemptCallback(dependencies());
    await attemptCallback(FIRST);
    await expect(attemptCallback({ ...CALLBACK, mayHaveBeenCalled: true })).resolves.toStrictEqual({ delivered: true });
    expect(callbackSender.sends).toHaveLength(1);
  });
});
