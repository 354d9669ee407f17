import type { Findings, KeptTransaction } from '../findings.ts';
import type { Call } from '../record.ts';
import { MAX_RESENDS } from '../stage.ts';
import { wasUnderWay } from './was-under-way.ts';

/**
 * An SMS goes out where the push does not, and then once: what the portal was told to have been pushed is not sent as an
 * SMS too, and there are no more messages than the first, the allowed resends, and one in place of each run that was lost.
 */
export function oneFallback({ calls, transactions, messages, faults }: Findings): readonly string[] {
  const arrived = Map.groupBy(messages, ({ phoneNumber }) => phoneNumber);
  const pushed = new Set(calls.filter((call) => saysPushed(call, faults)).map(({ transactionId }) => transactionId));
  const breaches: string[] = [];
  for (const transaction of transactions) {
    const { id, phoneNumber, smsSteps, smsRuns, writtenAtMs } = transaction;
    const its = phoneNumber === null ? [] : (arrived.get(phoneNumber) ?? []);
    const allowed = allowedOf(transaction);
    if (smsSteps > allowed) breaches.push(`${id}: ${smsSteps} SMS were to be sent; ${allowed} are allowed`);
    if (smsRuns > 2 * smsSteps) breaches.push(`${id}: ${smsSteps} SMS were tried ${smsRuns} times`);
    if (its.length > smsRuns) breaches.push(`${id}: ${its.length} SMS, of ${smsRuns} that were to be sent`);
    if (pushed.has(id) && its.length > 0) breaches.push(`${id} was pushed, and sent as an SMS too`);
    if (its.some(({ atMs }) => !wasUnderWay(atMs, writtenAtMs, faults))) breaches.push(`${id}: an SMS after its end`);
  }
  return breaches;
}

/** A worker that dies after it has sent, and before it has noted that, leaves one SMS that nobody knows of. */
function saysPushed({ operation, says, startedAtMs, endedAtMs }: Call, faults: Findings['faults']): boolean {
  if (operation !== 'begin' || says !== 'push') return false;
  return !faults.some(({ delaysEnds, fromMs, toMs }) => delaysEnds && fromMs <= endedAtMs && toMs >= startedAtMs);
}

function allowedOf({ phoneNumber }: KeptTransaction): number {
  return phoneNumber === null ? 0 : 1 + MAX_RESENDS;
}
