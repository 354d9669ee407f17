import type { Findings } from '../findings.ts';

/** Each transaction that began, and ended, was called back with one body; and whoever read the result then found it. */
export function atLeastOneCallback({ calls, transactions, callbacks }: Findings): readonly string[] {
  const arrived = Map.groupBy(callbacks, ({ transactionId }) => transactionId);
  const breaches: string[] = [];
  for (const { id, status, failure } of transactions) {
    if (status === 'pending' || failure === 'failed_to_send') continue;
    const its = arrived.get(id) ?? [];
    if (!its.some(({ answeredWith }) => answeredWith === 204))
      breaches.push(`${id} is ${status} and was not called back`);
    if (new Set(its.map(({ bodySha256 }) => bodySha256)).size > 1) breaches.push(`${id} was called back in two ways`);
  }
  for (const { operation, outcome, transactionId, says } of calls) {
    if (operation === 'result_at_callback' && outcome === 'acknowledged' && says === 'pending') {
      breaches.push(`${transactionId} was called back before its result was there`);
    }
  }
  return breaches;
}
