import { describeOthers, describeParts, describePercentiles, describePlace, totalOf } from '../describe.ts';
import type { MethodsOptions } from '../options.ts';
import { renderTable } from '../table.ts';
import type { MethodMeasurement, MethodsFindings } from './run-methods.ts';

const HEADER = [
  'method',
  '/s',
  'begin',
  'fetch',
  'answer',
  'callback',
  'whole',
  'ms',
  'actions',
  'transitions',
  'events',
  'history B',
  'tables B',
];

/** What is printed, for people. */
export function describeMethods(options: MethodsOptions, { surroundings, measurements }: MethodsFindings): string[] {
  return [
    describePlace(surroundings),
    `Each method by itself, K=${options.concurrency}, closed loop, ${options.seconds} s.`,
    'begin, fetch, answer, callback and whole: p50 / p95 / p99 in ms. ms: processor time of one, everything together.',
    'actions: Temporal Cloud actions. transitions: state transitions of Temporal. history B: of its workflow. tables B: by which PostgreSQL grew.',
    '',
    ...renderTable(HEADER, measurements.map(rowOf)),
    '',
    ...measurements.map(({ method, processorMs }) => `${method}: ${describeParts(processorMs)} ms.`),
    ...describeOthers(measurements.flatMap(({ othersBusy }) => othersBusy ?? [])),
  ];
}

function rowOf(measurement: MethodMeasurement): string[] {
  const { method, perSecond, latencies, processorMs, history, storedBytes } = measurement;
  const { begin, fetch, answer, callback, total } = latencies;
  return [
    method,
    perSecond.toFixed(1),
    ...[begin, fetch, answer, callback, total].map((times) => (times ? describePercentiles(times) : '-')),
    totalOf(processorMs).toFixed(0),
    String(history.cloudActions),
    String(history.stateTransitions),
    String(history.events),
    String(history.bytes),
    storedBytes.toFixed(0),
  ];
}
