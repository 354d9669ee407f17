import type { BareRun } from './bare/run-bare.ts';
import type { Measurement } from './measure.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import type { WholeRun } from './whole/run-whole.ts';

/** Both flows at one concurrency, measured in turn. */
export interface Pair {
  readonly bare: Measurement<BareRun>;
  readonly whole: Measurement<WholeRun>;
}

/** All rounds at one concurrency, taken together. Times in ms. */
export interface Summary {
  readonly concurrency: number;
  readonly barePerSecond: number;
  readonly wholePerSecond: number;
  /** Whole transactions for one bare workflow. */
  readonly ratio: number;
  readonly bareTotal: Percentiles;
  readonly begin: Percentiles;
  readonly fetch: Percentiles;
  readonly answer: Percentiles;
  /** From sending the answer to the arrival of the callback. */
  readonly callback: Percentiles;
  readonly total: Percentiles;
  readonly wholeRuns: number;
  /** How many answers got a 202. */
  readonly recordedOnly: number;
  /** How many requests of phones had to be repeated. */
  readonly repeats: number;
  /** The busiest measurement counts. */
  readonly driverBusy: number;
  /** Processors that others used, on average of the measurements. */
  readonly othersBusy?: number;
}

/** Throws when there are no rounds. */
export function summarise(concurrency: number, rounds: readonly Pair[]): Summary {
  const runs = rounds.flatMap(({ whole }) => whole.runs);
  const all = rounds.flatMap(({ bare, whole }) => [bare, whole]);
  const others = all.flatMap(({ othersBusy }) => othersBusy ?? []);
  const barePerSecond = rateOf(rounds.map(({ bare }) => bare));
  const wholePerSecond = rateOf(rounds.map(({ whole }) => whole));
  const percentiles = (name: `${'begin' | 'fetch' | 'answer' | 'callback' | 'total'}Ms`): Percentiles =>
    percentilesOf(runs.flatMap((run) => run[name] ?? []));
  return {
    concurrency,
    barePerSecond,
    wholePerSecond,
    ratio: wholePerSecond / barePerSecond,
    bareTotal: percentilesOf(rounds.flatMap(({ bare }) => bare.runs.map(({ totalMs }) => totalMs))),
    begin: percentiles('beginMs'),
    fetch: percentiles('fetchMs'),
    answer: percentiles('answerMs'),
    callback: percentiles('callbackMs'),
    total: percentiles('totalMs'),
    wholeRuns: runs.length,
    recordedOnly: runs.filter(({ isRecordedOnly }) => isRecordedOnly).length,
    repeats: runs.reduce((sum, { repeats }) => sum + repeats, 0),
    driverBusy: Math.max(...all.map(({ driverBusy }) => driverBusy)),
    ...(others.length > 0 && { othersBusy: others.reduce((sum, busy) => sum + busy, 0) / others.length }),
  };
}

/** All that ended in all the time: a round that went badly counts with its full weight. */
function rateOf(measurements: readonly Measurement<unknown>[]): number {
  const runs = measurements.reduce((sum, measurement) => sum + measurement.runs.length, 0);
  const ms = measurements.reduce((sum, { measuredMs }) => sum + measuredMs, 0);
  return runs / (ms / 1_000);
}

/** The one that stands for all in the last line: that of 16 at once, else that of the most at once. */
export function headlineOf(summaries: readonly Summary[]): Summary {
  const found = summaries.find(({ concurrency }) => concurrency === 16) ?? summaries.at(-1);
  if (!found) throw new RangeError('nothing was measured');
  return found;
}
