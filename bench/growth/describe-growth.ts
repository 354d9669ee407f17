import { describeOthers, describePercentiles, describePlace } from '../describe.ts';
import type { GrowthOptions } from '../options.ts';
import { renderTable } from '../table.ts';
import type { GrowthFindings, GrowthMeasurement } from './run-growth.ts';

const HEADER = [
  'settled',
  'events',
  'database',
  'ratio',
  'begin',
  'answer',
  'whole',
  'bare',
  'ms',
  'PostgreSQL ms',
  'scanned',
];

/** What is printed, for people. */
export function describeGrowth(options: GrowthOptions, { surroundings, measurements }: GrowthFindings): string[] {
  const [first, last] = [measurements[0] as GrowthMeasurement, measurements.at(-1) as GrowthMeasurement];
  return [
    describePlace(surroundings),
    `With ever more settled transactions in the tables; K=${options.concurrency}, closed loop, ${options.seconds} s each.`,
    'ratio: whole transactions for one bare workflow. begin, answer, whole, bare: p50 / p95 / p99 in ms. ms: processor time of',
    'one whole transaction, everything together; PostgreSQL ms: its part; scanned: rows it read for one without an index.',
    '',
    ...renderTable(HEADER, measurements.map(rowOf)),
    ...measurements.flatMap(describeConsole),
    '',
    ...describeOthers(measurements.flatMap(({ summary }) => summary.othersBusy ?? [])),
    `whole p50 with ${last.size} settled against ${first.size}: ${factor(first, last, ({ summary }) => summary.total.p50)} ` +
      `(bare ${factor(first, last, ({ summary }) => summary.bareTotal.p50)}, ` +
      `PostgreSQL's processor time ${factor(first, last, ({ postgresMs }) => postgresMs)})`,
  ];
}

function rowOf({
  size,
  events,
  databaseBytes,
  summary,
  processorMs,
  postgresMs,
  rowsInSequence,
}: GrowthMeasurement): string[] {
  return [
    String(size),
    String(events),
    `${(databaseBytes / 1_024 ** 2).toFixed(0)} MiB`,
    summary.ratio.toFixed(2),
    ...[summary.begin, summary.answer, summary.total, summary.bareTotal].map(describePercentiles),
    processorMs.toFixed(0),
    postgresMs.toFixed(1),
    rowsInSequence.toFixed(1),
  ];
}

function describeConsole({ size, console: reads }: GrowthMeasurement): string[] {
  if (reads.length === 0) return [];
  return [
    '',
    `The console's questions with ${size} settled, one after the other: p50 / p95 / p99 in ms.`,
    ...renderTable(
      ['question', 'ms'],
      reads.map(({ question, latency }) => [question, describePercentiles(latency)]),
    ),
  ];
}

function factor(
  first: GrowthMeasurement,
  last: GrowthMeasurement,
  of: (measurement: GrowthMeasurement) => number,
): string {
  return `× ${(of(last) / of(first)).toFixed(2)}`;
}
