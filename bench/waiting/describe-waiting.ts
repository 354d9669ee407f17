import { describeParts, describePlace, mebibytes } from '../describe.ts';
import { renderTable } from '../table.ts';
import type { Reading, WaitingFindings } from './run-waiting.ts';

const IN = 10_000;

/** What is printed, for people. */
export function describeWaiting(findings: WaitingFindings): string[] {
  const { readings, begun, asked, begunWithinMs, answered, statuses, idleMsPerSecond } = findings;
  const last = readings.at(-1) as Reading;
  const names = Object.keys(last.bytes);
  const cache = findings.maxCachedWorkflows ?? 'its default';
  return [
    describePlace(findings.surroundings),
    `Transactions that nobody answers; the worker keeps at most ${cache} in memory. Resident memory in MiB.`,
    ...(begun < asked ? [`Only ${begun} of ${asked} could be begun in the time they live.`] : []),
    '',
    ...renderTable(
      ['waiting', ...names],
      readings.map(({ waiting, bytes }) => [
        String(waiting),
        ...names.map((name) => ((bytes[name] ?? 0) / 1_024 ** 2).toFixed(0)),
      ]),
    ),
    '',
    `${begun} began within ${(begunWithinMs / 1_000).toFixed(0)} s.`,
    `While they only waited, processor time for each second: ${describeParts(idleMsPerSecond) || 'none to speak of'} ms.`,
    `Then ${answered.approved} of ${answered.asked} were approved, evenly from the oldest to the newest; ` +
      `answers took ${answered.answerMs.p50.toFixed(0)} ms (p50), ${answered.answerMs.p95.toFixed(0)} ms (p95).`,
    `In the database: ${Object.entries(statuses)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}.`,
    `memory for ${IN} waiting: ${names.map((name) => `${name} ${mebibytes(growthOf(readings, name))}`).join(', ')}`,
  ];
}

/** From the first reading to the last, for ten thousand. */
function growthOf(readings: readonly Reading[], name: string): number {
  const [first, last] = [readings[0] as Reading, readings.at(-1) as Reading];
  return (((last.bytes[name] ?? 0) - (first.bytes[name] ?? 0)) * IN) / (last.waiting - first.waiting);
}
