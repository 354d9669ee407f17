import type { Arrival } from '../../bench/open/open-loop.ts';
import { summariseOpen } from '../../bench/open/summarise-open.ts';
import type { MethodName } from '../../bench/whole/methods.ts';
import type { WholeRun } from '../../bench/whole/run-whole.ts';
import { PortalRefusal } from '../../dev/cli/failures.ts';

const run = (method: MethodName, totalMs: number): WholeRun => ({
  ...{ workflowId: 'transaction:1', method, beginMs: 10, answerMs: 30, totalMs, isRecordedOnly: false, repeats: 1 },
  ...(method !== 'sms' && { fetchMs: 5, callbackMs: 25 }),
});

/** A run that began so late and took so long. */
function succeeded(method: MethodName, lateMs: number, totalMs: number): Arrival<WholeRun> {
  const [intendedAtMs, startedAtMs] = [1_000, 1_000];
  return { intendedAtMs, startedAtMs, endedAtMs: 1_000 + lateMs + totalMs, result: { outcome: run(method, totalMs) } };
}

const failed = (failure: unknown): Arrival<WholeRun> => ({
  ...{ intendedAtMs: 0, startedAtMs: 0, endedAtMs: 1 },
  result: { failure },
});

it('adds the time before a run could begin to its begin and to its whole', () => {
  const { all, late } = summariseOpen([succeeded('push', 0, 60), succeeded('push', 500, 60)]);
  expect(all).toMatchObject({ count: 2, begin: { p50: 10, p95: 510 }, total: { p50: 60, p95: 560 } });
  expect(all).toMatchObject({ fetch: { p50: 5 }, answer: { p95: 30 }, callback: { p95: 25 } });
  expect(late).toMatchObject({ p50: 0, p95: 500 });
});

it('tells methods apart, and what a method does not have', () => {
  const { byMethod, all } = summariseOpen([succeeded('push', 0, 60), succeeded('sms', 0, 90)]);
  expect(byMethod.push?.total.p50).toBe(60);
  expect(byMethod.sms?.total.p50).toBe(90);
  expect(byMethod.sms).not.toHaveProperty('callback');
  expect(byMethod).not.toHaveProperty('otp');
  expect(all.callback?.p50).toBe(25);
});

it('counts failures by their code, or by what they say without ids', () => {
  const { failures, repeats } = summariseOpen([
    succeeded('push', 0, 60),
    failed(new PortalRefusal('overloaded', 503, 'Too much.')),
    failed(new PortalRefusal('overloaded', 503, 'Far too much.')),
    failed(new Error('the callback of 01a20d85-8d6a-7588-b5c4-8d79ed690644 did not come')),
    failed(new Error('the callback of 01a20d88-b56f-7305-927a-ec707f59e8c3 did not come')),
    failed('gone'),
  ]);
  expect(failures).toEqual({ '503 overloaded': 2, 'the callback of … did not come': 2, gone: 1 });
  expect(repeats).toBe(1);
});

it('has nothing to say where nothing succeeded', () => {
  expect(() => summariseOpen([failed(new Error('refused'))])).toThrow(
    expect.objectContaining({ cause: new Error('refused') }),
  );
});
