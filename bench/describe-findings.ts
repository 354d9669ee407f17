import { describeHistory, describeOthers, describePeaks, describePercentiles, describePlace } from './describe.ts';
import type { Findings } from './run-bench.ts';
import { headlineOf, type Summary } from './summarise.ts';
import { renderTable } from './table.ts';

const HEADER = ['K', 'bare/s', 'whole/s', 'ratio', 'begin', 'answer', 'callback', 'whole', 'bare', 'counted', '202'];
/** Past this the driver itself may be what is measured. */
const DRIVER_IS_BUSY = 0.8;

/** What is printed: for people, save for the last line, which is made for a script to read. */
export function describeFindings(findings: Findings): string[] {
  const { summaries, histories, peakMemoryBytes } = findings;
  return [
    describePlace(findings.surroundings),
    'K at once, closed loop. bare: start, activity, update, activity, result. whole: begin, fetch, approve, callback, result.',
    'begin, answer, callback (from sending the answer to its arrival), whole and bare: p50 / p95 / p99 in ms.',
    '',
    ...renderTable(HEADER, summaries.map(rowOf)),
    '',
    `A whole transaction leaves ${describeHistory(histories.whole)}.`,
    `The bare workflow leaves   ${describeHistory(histories.bare)}. (Medians of ${histories.count} each.)`,
    ...describeProcessorTime(findings),
    describePeaks(peakMemoryBytes),
    ...describeDoubts(summaries),
    headlineFor(summaries),
  ];
}

/** For instance `ratio to bare Temporal at K=16: 0.87`. */
export function headlineFor(summaries: readonly Summary[]): string {
  const { concurrency, ratio } = headlineOf(summaries);
  return `ratio to bare Temporal at K=${concurrency}: ${ratio.toFixed(2)}`;
}

function rowOf(summary: Summary): string[] {
  return [
    String(summary.concurrency),
    summary.barePerSecond.toFixed(1),
    summary.wholePerSecond.toFixed(1),
    summary.ratio.toFixed(2),
    ...[summary.begin, summary.answer, summary.callback, summary.total, summary.bareTotal].map(describePercentiles),
    String(summary.wholeRuns),
    String(summary.recordedOnly),
  ];
}

/** Of the concurrency in the last line. Steadier than the rates where others use the machine too. */
function describeProcessorTime({ rounds, summaries }: Findings): string[] {
  const { concurrency } = headlineOf(summaries);
  const chosen = rounds.filter(({ bare }) => bare.concurrency === concurrency);
  return (['whole', 'bare'] as const).map((flow) => {
    const times = chosen.map((pair) => pair[flow].processorMs);
    const means = Object.keys(times[0] ?? {}).map((name) => {
      return [name, times.reduce((sum, time) => sum + (time[name] ?? 0), 0) / times.length] as const;
    });
    const totalMs = means.reduce((sum, [, ms]) => sum + ms, 0);
    const parts = means.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ');
    return `Processor time for one ${flow.padEnd(5)} at K=${concurrency}: ${totalMs.toFixed(0)} ms (${parts}).`;
  });
}

function describeDoubts(summaries: readonly Summary[]): string[] {
  const busiest = Math.max(...summaries.map(({ driverBusy }) => driverBusy));
  const repeats = summaries.reduce((sum, summary) => sum + summary.repeats, 0);
  const doubt = busiest > DRIVER_IS_BUSY ? ': it may have held the rest up' : '';
  return [
    `The driver used ${(busiest * 100).toFixed(0)} % of one processor at most${doubt}.`,
    ...describeOthers(summaries.flatMap(({ othersBusy }) => othersBusy ?? [])),
    ...(repeats > 0 ? [`Phones had to repeat ${repeats} requests.`] : []),
  ];
}
