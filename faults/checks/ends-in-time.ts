import type { Findings } from '../findings.ts';
import type { Call, FaultWindow } from '../record.ts';
import { TIME_TO_LIVE_SECONDS } from '../stage.ts';

/**
 * What settling takes after the deadline when nothing is broken, on a machine that has time: a message that is being sent
 * again has four seconds, and is waited for.
 */
const SLACK_MS = 6_000;
/** On one that has none: so many times what reading one result took, while nothing was broken; and half a life at most. */
const SLACK_IN_READS = 3;
const MOST_SLACK_MS = (TIME_TO_LIVE_SECONDS * 1_000) / 2;
/** What it takes to come back to work after a fault. */
const RECOVERY_MS = 25_000;

/**
 * Each begin that was acknowledged has ended; each that expired did so at its deadline, or after the fault that lasted
 * then. None is decided by what was given after its deadline.
 */
export function endsInTime({ calls, transactions, faults }: Findings): readonly string[] {
  const kept = new Map(transactions.map((transaction) => [transaction.id, transaction]));
  const breaches: string[] = [];
  for (const { operation, outcome, transactionId } of calls) {
    if (operation !== 'begin' || outcome !== 'acknowledged' || transactionId === null) continue;
    const transaction = kept.get(transactionId);
    if (!transaction) breaches.push(`${transactionId} was acknowledged and is not there`);
    else if (transaction.status === 'pending') breaches.push(`${transactionId} was acknowledged and never ended`);
  }
  const slackMs = Math.min(MOST_SLACK_MS, SLACK_MS + SLACK_IN_READS * slowestReadMs(calls, faults));
  for (const { id, status, expiresAtMs, settledAtMs, writtenAtMs } of transactions) {
    if (settledAtMs === null || writtenAtMs === null) continue;
    if (['approved', 'denied'].includes(status) && settledAtMs > expiresAtMs) {
      breaches.push(`${id} was ${status} ${settledAtMs - expiresAtMs} ms after its deadline`);
    }
    const isExcused = faults.some(
      ({ delaysEnds, fromMs, toMs }) => delaysEnds && fromMs <= writtenAtMs && toMs + RECOVERY_MS >= expiresAtMs,
    );
    if (writtenAtMs > expiresAtMs + slackMs && !isExcused) {
      breaches.push(`${id} ended as ${status} ${Math.round(writtenAtMs - expiresAtMs)} ms after its deadline`);
    }
  }
  return breaches;
}

/** How slow the machine itself is: reading a result asks the api and the database, and nobody else. */
function slowestReadMs(calls: readonly Call[], faults: readonly FaultWindow[]): number {
  const isUndisturbed = ({ startedAtMs, endedAtMs }: Call): boolean =>
    !faults.some(({ delaysEnds, fromMs, toMs }) => delaysEnds && fromMs <= endedAtMs && toMs >= startedAtMs);
  return calls
    .filter((call) => call.operation === 'result' && call.outcome === 'acknowledged' && isUndisturbed(call))
    .reduce((most, { startedAtMs, endedAtMs }) => Math.max(most, endedAtMs - startedAtMs), 0);
}
