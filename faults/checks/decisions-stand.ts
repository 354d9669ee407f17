import type { Findings } from '../findings.ts';
import type { Call } from '../record.ts';

/**
 * An answer that was taken decides, and one that was recorded does unless another one, or the portal, may have been before
 * it. A transaction that the portal was told is over has ended.
 */
export function decisionsStand({ calls, transactions }: Findings): readonly string[] {
  const kept = new Map(transactions.map((transaction) => [transaction.id, transaction]));
  const byTransaction = Map.groupBy(calls, ({ transactionId }) => transactionId);
  const breaches: string[] = [];
  for (const [id, itsCalls] of byTransaction) {
    const transaction = id === null ? undefined : kept.get(id);
    if (!transaction) continue;
    for (const call of itsCalls) {
      const wanted = call.wanted === 'approve' ? 'approved' : 'denied';
      if (call.says === 'recorded' && call.pin !== 'wrong' && call.endedAtMs < transaction.expiresAtMs) {
        const isFirst = !itsCalls.some((other) => other !== call && mayDecideBefore(other, call));
        if (isFirst && transaction.status !== wanted) {
          breaches.push(`${id}: an answer to be ${wanted} was recorded in time, and it is ${transaction.status}`);
        }
      }
      if (call.operation === 'cancel' && call.outcome === 'acknowledged' && transaction.status === 'pending') {
        breaches.push(`${id} was cancelled and is pending`);
      }
    }
  }
  return breaches;
}

function mayDecideBefore(other: Call, call: Call): boolean {
  // A code decides where it is right, and where it is the last that may be wrong, which is a refusal.
  const mayDecide =
    other.operation === 'verify' ||
    (['answer', 'deny', 'cancel'].includes(other.operation) && other.outcome !== 'refused');
  return mayDecide && other.startedAtMs <= call.endedAtMs;
}
