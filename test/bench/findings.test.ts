import { describeFindings } from '../../bench/describe-findings.ts';
import type { Measurement } from '../../bench/measure.ts';
import type { Findings } from '../../bench/run-bench.ts';
import { headlineOf, type Pair, summarise } from '../../bench/summarise.ts';

const history = { events: 18, workflowTasks: 2, bytes: 7_361, stateTransitions: 9, cloudActions: 6 };

function measurement<Run>(concurrency: number, runs: readonly Run[], measuredMs: number): Measurement<Run> {
  const perSecond = runs.length / (measuredMs / 1_000);
  return { concurrency, measuredMs, runs, perSecond, driverBusy: 0.25, processorMs: { api: 9 }, histories: [history] };
}

function pair(concurrency: number, bareRuns: number, wholeRuns: number, measuredMs = 1_000): Pair {
  const bare = Array.from({ length: bareRuns }, () => ({ workflowId: 'bare:1', totalMs: 20 }));
  const whole = Array.from({ length: wholeRuns }, (_, index) => ({
    workflowId: 'transaction:1',
    method: 'push' as const,
    beginMs: 10,
    fetchMs: 5,
    answerMs: 30,
    callbackMs: 25,
    totalMs: 60 + index,
    isRecordedOnly: index === 0,
    repeats: 0,
  }));
  return {
    bare: measurement(concurrency, bare, measuredMs),
    whole: measurement(concurrency, whole, measuredMs),
  };
}

describe('the summary', () => {
  it('takes the rounds of one concurrency together, each with its full weight', () => {
    const summary = summarise(8, [pair(8, 10, 8), pair(8, 20, 4, 2_000)]);
    expect(summary).toMatchObject({ barePerSecond: 10, wholePerSecond: 4, wholeRuns: 12, recordedOnly: 2 });
    expect(summary.ratio).toBeCloseTo(0.4);
    expect(summary.total).toEqual({ p50: 62, p95: 67, p99: 67 });
  });

  it('stands for all with 16 at once, or else with the most at once', () => {
    const of = (...all: number[]) =>
      headlineOf(all.map((concurrency) => summarise(concurrency, [pair(concurrency, 1, 1)])));
    expect(of(1, 16, 32).concurrency).toBe(16);
    expect(of(1, 8).concurrency).toBe(8);
  });
});

describe('the printed findings', () => {
  it('hold one row for each concurrency and end with the ratio', () => {
    const rounds = [pair(1, 10, 10), pair(16, 100, 87)];
    const findings: Findings = {
      surroundings: {
        machine: { processor: 'Abacus', processors: 2, memoryBytes: 2 ** 30, system: 'linux 6 x64' },
        versions: { countersign: '1', node: '24', temporalSdk: '1.24', temporal: '1.32', postgres: '18' },
        servers: { temporal: 'embedded', postgres: 'given' },
      },
      rounds,
      summaries: rounds.map((round) => summarise(round.bare.concurrency, [round])),
      histories: { whole: history, bare: history, count: 2 },
      peakMemoryBytes: { api: 100 * 2 ** 20 },
    };
    const lines = describeFindings(findings);
    expect(lines).toContainEqual(expect.stringMatching(/^ 1 +10\.0 +10\.0 +1\.00 +10 \/ 10 \/ 10 /));
    expect(lines).toContainEqual(expect.stringMatching(/^16 +100\.0 +87\.0 +0\.87 .* 87 +1$/));
    expect(lines.join('\n')).toContain(
      '18 history events, 2 workflow tasks, 7361 history bytes, 9 state transitions, 6 Temporal Cloud actions',
    );
    expect(lines.join('\n')).toContain('Peak resident memory: api 100 MiB.');
    expect(lines.at(-1)).toBe('ratio to bare Temporal at K=16: 0.87');
  });
});
