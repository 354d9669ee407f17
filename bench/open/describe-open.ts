import {
  describeHistory,
  describeParts,
  describePeaks,
  describePercentiles,
  describePlace,
  totalOf,
} from '../describe.ts';
import type { OpenOptions } from '../options.ts';
import { renderTable } from '../table.ts';
import type { OpenFindings, OpenMeasurement } from './run-open.ts';
import type { Latencies } from './summarise-open.ts';

const COLUMNS = ['begin', 'fetch', 'answer', 'callback', 'total'] as const;

/** What is printed, for people. */
export function describeOpen(
  options: OpenOptions,
  { surroundings, phones, measurements, peakMemoryBytes }: OpenFindings,
): string[] {
  const isMixed = options.methods.length > 1;
  const last = measurements.at(-1) as OpenMeasurement;
  return [
    describePlace(surroundings),
    `Open loop, ${options.arrivals} arrivals, ${options.seconds} s each, ${phones} phones, ${options.methods.join(', ')}.`,
    'begin and total from when the transaction was to begin; fetch, answer and callback from their own sending: p50 / p95 / p99 in ms.',
    '',
    ...renderTable(
      ['arrivals/s', 'arrived', 'failed', 'at once', ...COLUMNS],
      measurements.map((measurement) => [
        String(measurement.rate),
        String(measurement.arrived),
        String(measurement.arrived - measurement.all.count),
        String(measurement.mostUnderWay),
        ...cellsOf(measurement.all),
      ]),
    ),
    ...(isMixed ? ['', `By method, at ${last.rate}/s:`, ...tableByMethod(last)] : []),
    '',
    ...measurements.map(
      ({ rate, processorMs, othersBusy }) =>
        `Processor time for one at ${rate}/s: ${totalOf(processorMs).toFixed(0)} ms (${describeParts(processorMs)})` +
        `${othersBusy === undefined ? '' : `; others used ${othersBusy.toFixed(1)} processors`}.`,
    ),
    `One transaction leaves ${describeHistory(last.history)} (median).`,
    describePeaks(peakMemoryBytes),
    ...measurements.flatMap(describeFailures),
    `p95 from the intended begin at ${last.rate}/s: ${last.all.total.p95.toFixed(0)} ms`,
  ];
}

function tableByMethod({ byMethod }: OpenMeasurement): string[] {
  return renderTable(
    ['method', 'ended', ...COLUMNS],
    (Object.entries(byMethod) as [string, Latencies][]).map(([method, latencies]) => [
      method,
      String(latencies.count),
      ...cellsOf(latencies),
    ]),
  );
}

function cellsOf(latencies: Latencies): string[] {
  return COLUMNS.map((column) => {
    const percentiles = latencies[column];
    return percentiles ? describePercentiles(percentiles) : '-';
  });
}

function describeFailures({ rate, failures, late }: OpenMeasurement): string[] {
  return [
    ...Object.entries(failures).map(([reason, count]) => `At ${rate}/s ${count} failed: ${reason}.`),
    ...(late.p95 > 100
      ? [`At ${rate}/s phones and driver began ${late.p95.toFixed(0)} ms late (p95); that is counted.`]
      : []),
  ];
}
