import { writeFile } from 'node:fs/promises';
import type { BareRun } from './bare/run-bare.ts';
import type { Measurement } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { percentilesOf } from './percentiles.ts';
import type { Findings } from './run-bench.ts';
import { headlineOf } from './summarise.ts';

/** Writes all numbers; times in ms, sizes in bytes, `date` in RFC 3339. */
export async function writeJson(file: string, options: BenchOptions, findings: Findings): Promise<void> {
  const { concurrency, ratio } = headlineOf(findings.summaries);
  const content = {
    date: new Date().toISOString(),
    options: { concurrencies: options.concurrencies, seconds: options.seconds },
    ...findings,
    rounds: findings.rounds.map(({ bare, whole }) => ({ bare: withoutRuns(bare), whole: withoutRuns(whole) })),
    ratio: { concurrency, value: ratio },
  };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Thousands of runs say no more than their percentiles. */
function withoutRuns({ runs, ...numbers }: Measurement<Pick<BareRun, 'totalMs'>>) {
  return { ...numbers, runs: runs.length, total: percentilesOf(runs.map(({ totalMs }) => totalMs)) };
}
