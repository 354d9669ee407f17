import { describeGrowth } from '../../bench/growth/describe-growth.ts';
import type { GrowthMeasurement } from '../../bench/growth/run-growth.ts';
import { describeMethods } from '../../bench/methods/describe-methods.ts';
import { describeOpen } from '../../bench/open/describe-open.ts';
import type { OpenMeasurement } from '../../bench/open/run-open.ts';
import type { OpenOptions } from '../../bench/options.ts';
import { summarise } from '../../bench/summarise.ts';
import { describeWaiting } from '../../bench/waiting/describe-waiting.ts';

const MIB = 1_024 ** 2;
const surroundings = {
  machine: { processor: 'Abacus', processors: 2, memoryBytes: 2 ** 30, system: 'linux 6 x64' },
  versions: { countersign: '1', node: '24', temporalSdk: '1.24', temporal: '1.32', postgres: '18' },
  servers: { temporal: 'embedded', postgres: 'given' },
} as const;
const history = { events: 15, workflowTasks: 2, bytes: 5_686, stateTransitions: 9, cloudActions: 6 };
const three = (p50: number) => ({ p50, p95: 2 * p50, p99: 3 * p50 });
const latencies = { count: 5, begin: three(10), fetch: three(5), answer: three(30), total: three(60) };
const usage = { processorMs: { api: 9, worker: 20.4, idle: 0 }, driverBusy: 0.2, othersBusy: 0.7 };

it('an open loop is told by rate and by method, and ends with its p95', () => {
  const measurement = (rate: number): OpenMeasurement => ({
    ...{ rate, measuredMs: 1_000, arrived: 7, mostUnderWay: 3, history, ...usage },
    ...{ all: latencies, byMethod: { push: latencies, sms: { ...latencies, count: 2 } } },
    ...{ late: three(200), failures: { '503 unavailable': 2 }, recordedOnly: 0, repeats: 0 },
  });
  const options: OpenOptions = {
    ...{ mode: 'open-loop', rates: [2, 4], seconds: 5, methods: ['push', 'sms'], arrivals: 'even', seed: 1 },
  };
  const measurements = [measurement(2), measurement(4)];
  const lines = describeOpen(options, { surroundings, phones: 32, measurements, peakMemoryBytes: { api: 90 * MIB } });
  expect(lines).toContainEqual(expect.stringMatching(/^ +4 +7 +2 +3 +10 \/ 20 \/ 30 .* - +60 \/ 120 \/ 180$/));
  expect(lines).toContainEqual(expect.stringMatching(/^ +sms +2 /));
  const text = lines.join('\n');
  expect(text).toContain('at 4/s: 29 ms (api 9.0, worker 20.4); others used 0.7 processors.');
  expect(text).toContain('At 4/s 2 failed: 503 unavailable.');
  expect(text).toContain('began 400 ms late (p95)');
  expect(text).toContain('Peak resident memory: api 90 MiB.');
  expect(lines.at(-1)).toBe('p95 from the intended begin at 4/s: 120 ms');
});

it('methods have a row each', () => {
  const lines = describeMethods(
    { mode: 'methods', methods: ['sms'], concurrency: 4, seconds: 5 },
    { surroundings, measurements: [{ method: 'sms', perSecond: 8, latencies, history, storedBytes: 7_302, ...usage }] },
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ +sms +8\.0 .* - +60 \/ 120 \/ 180 +29 +6 +9 +15 +5686 +7302$/));
  expect(lines.at(-1)).toContain('Others used up to 0.7 processors');
});

it('what waits is told by reading, and for ten thousand', () => {
  const lines = describeWaiting({
    ...{ surroundings, maxCachedWorkflows: '1000', asked: 2_000, begun: 1_000, begunWithinMs: 10_000 },
    readings: [
      { waiting: 0, bytes: { api: 100 * MIB, worker: 200 * MIB } },
      { waiting: 1_000, bytes: { api: 101 * MIB, worker: 250 * MIB } },
    ],
    idleMsPerSecond: { worker: 20 },
    answered: { asked: 10, approved: 10, answerMs: three(40) },
    statuses: { approved: 10, pending: 990 },
  });
  const text = lines.join('\n');
  expect(text).toContain('Only 1000 of 2000 could be begun');
  expect(text).toContain('Then 10 of 10 were approved');
  expect(text).toContain('In the database: 10 approved, 990 pending.');
  expect(lines.at(-1)).toBe('memory for 10000 waiting: api 10 MiB, worker 500 MiB');
});

it('growth is told by size, with what the console was asked, and ends with how much longer it takes', () => {
  const measurement = (size: number, totalMs: number): GrowthMeasurement => {
    const runs = [
      {
        workflowId: 'w',
        method: 'push' as const,
        beginMs: 10,
        answerMs: 30,
        totalMs,
        isRecordedOnly: false,
        repeats: 0,
      },
    ];
    const of = { concurrency: 8, measuredMs: 1_000, perSecond: 1, histories: [history], ...usage };
    const whole = { ...of, runs: runs.map((run) => ({ ...run, fetchMs: 5, callbackMs: 25 })) };
    const summary = summarise(8, [{ bare: { ...of, runs: [{ workflowId: 'b', totalMs: 20 }] }, whole }]);
    const read = { question: 'newest transactions', latency: three(4) };
    return {
      size,
      events: 5 * size,
      databaseBytes: MIB,
      summary,
      postgresMs: 5,
      processorMs: 99,
      rowsInSequence: 0.5,
      console: [read],
    };
  };
  const lines = describeGrowth(
    { mode: 'growth', sizes: [1_000, 100_000], concurrency: 8, seconds: 5 },
    { surroundings, measurements: [measurement(1_000, 60), measurement(100_000, 63)] },
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ +100000 +500000 +1 MiB +1\.00 /));
  expect(lines).toContainEqual(expect.stringMatching(/^newest transactions +4 \/ 8 \/ 12$/));
  expect(lines.at(-1)).toBe(
    "whole p50 with 100000 settled against 1000: × 1.05 (bare × 1.00, PostgreSQL's processor time × 1.00)",
  );
});
