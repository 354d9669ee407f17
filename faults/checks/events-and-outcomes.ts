import type { Findings } from '../findings.ts';

/** Each outcome has one event and one receipt, and no event names a transaction that is not there. */
export function eventsAndOutcomes({ transactions, orphanedEvents }: Findings): readonly string[] {
  const breaches = transactions.flatMap(({ id, status, outcomeEvents, receipts }) => {
    const expected = status === 'pending' ? 0 : 1;
    if (outcomeEvents === expected && receipts === expected) return [];
    return [`${id} is ${status}, with ${outcomeEvents} events and ${receipts} receipts`];
  });
  return orphanedEvents > 0 ? [...breaches, `${orphanedEvents} events name a transaction that is not there`] : breaches;
}
