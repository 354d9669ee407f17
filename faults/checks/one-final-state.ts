import type { Findings } from '../findings.ts';

const FINAL = ['approved', 'denied', 'failed', 'expired', 'cancelled'];

/** What portal and phone were told of the end of a transaction is what the database has. */
export function oneFinalState({ calls, transactions }: Findings): readonly string[] {
  const kept = new Map(transactions.map(({ id, status }) => [id, status]));
  const breaches: string[] = [];
  for (const { operation, outcome, transactionId, says } of calls) {
    if (outcome !== 'acknowledged' || transactionId === null || !FINAL.includes(says)) continue;
    const status = kept.get(transactionId);
    if (status !== says) breaches.push(`${transactionId} is ${status}, and ${operation} was told ${says}`);
  }
  return breaches;
}
