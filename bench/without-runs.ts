import type { BareRun } from './bare/run-bare.ts';
import type { Measurement } from './measure.ts';
import { percentilesOf } from './percentiles.ts';
import type { Pair } from './summarise.ts';

/** For a file: thousands of runs say no more than their percentiles. */
export function withoutRuns(rounds: readonly Pair[]): object[] {
  return rounds.map(({ bare, whole }) => ({ bare: numbersOf(bare), whole: numbersOf(whole) }));
}

function numbersOf({ runs, ...numbers }: Measurement<Pick<BareRun, 'totalMs'>>) {
  return { ...numbers, runs: runs.length, total: percentilesOf(runs.map(({ totalMs }) => totalMs)) };
}
