import type { Findings } from '../findings.ts';

/** What settling takes after the deadline when nothing is broken. */
const SLACK_MS = 5_000;
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
  for (const { id, status, expiresAtMs, settledAtMs, writtenAtMs } of transactions) {
    if (settledAtMs === null || writtenAtMs === null) continue;
    if (['approved', 'denied'].includes(status) && settledAtMs > expiresAtMs) {
      breaches.push(`${id} was ${status} ${settledAtMs - expiresAtMs} ms after its deadline`);
    }
    const isExcused = faults.some(({ fromMs, toMs }) => fromMs <= writtenAtMs && toMs + RECOVERY_MS >= expiresAtMs);
    if (writtenAtMs > expiresAtMs + SLACK_MS && !isExcused) {
      breaches.push(`${id} ended as ${status} ${Math.round(writtenAtMs - expiresAtMs)} ms after its deadline`);
    }
  }
  return breaches;
}
