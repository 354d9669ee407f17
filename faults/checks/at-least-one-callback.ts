import type { ArrivedCallback } from '../callback-portal.ts';
import type { Findings } from '../findings.ts';
import { CALLBACK_TIMEOUT_SECONDS } from '../stage.ts';

/** As far as receivers of Standard Webhooks let a clock be wrong. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Each transaction that began, and ended, was called back with one id and one body, each time signed; and whoever read the
 * result then found it.
 */
export function atLeastOneCallback({ calls, transactions, callbacks, faults }: Findings): readonly string[] {
  const arrived = Map.groupBy(callbacks, ({ transactionId }) => transactionId);
  const breaches: string[] = [];
  for (const { id, status, failure, callbackUri } of transactions) {
    const its = arrived.get(id) ?? [];
    if (new Set(its.map(({ bodySha256 }) => bodySha256)).size > 1) breaches.push(`${id} was called back in two ways`);
    if (status === 'pending' || failure === 'failed_to_send' || callbackUri === null) continue;
    if (!its.some(({ answeredWith }) => answeredWith === 204))
      breaches.push(`${id} is ${status} and was not called back`);
  }
  for (const callback of callbacks) {
    const { transactionId, webhookId, isSigned } = callback;
    if (!isSigned) breaches.push(`${transactionId} was called back without the right signature`);
    if (webhookId !== transactionId) breaches.push(`${transactionId} was called back under the id ${webhookId}`);
    if (!isTimely(callback, faults)) breaches.push(`${transactionId} was called back under another time`);
  }
  for (const { operation, outcome, transactionId, says } of calls) {
    if (operation === 'result_at_callback' && outcome === 'acknowledged' && says === 'pending') {
      breaches.push(`${transactionId} was called back before its result was there`);
    }
  }
  return breaches;
}

/** The time that is signed is the worker's, whose clock may have been moved while the callback was under way. */
function isTimely({ atMs, stampedAtMs }: ArrivedCallback, faults: Findings['faults']): boolean {
  if (Math.abs(atMs - stampedAtMs) < CLOCK_TOLERANCE_MS) return true;
  return faults.some(
    ({ fault, fromMs, toMs }) =>
      fault.startsWith('clock of a worker') && fromMs <= atMs && atMs <= toMs + CALLBACK_TIMEOUT_SECONDS * 1_000,
  );
}
