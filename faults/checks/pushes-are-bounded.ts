import type { Findings } from '../findings.ts';
import { MAX_RESENDS } from '../stage.ts';
import { wasUnderWay } from './was-under-way.ts';

/** At most one push, the allowed resends, and one more for each that seemed to fail; none to speak of after the end. */
export function pushesAreBounded({ transactions, pushes, faults }: Findings): readonly string[] {
  const arrived = Map.groupBy(pushes, ({ transactionId }) => transactionId);
  const breaches: string[] = [];
  for (const { id, writtenAtMs, refusedSends, method } of transactions) {
    const its = arrived.get(id) ?? [];
    const allowed = ['otp', 'sms'].includes(method) ? 0 : 1 + MAX_RESENDS + refusedSends;
    if (its.length > allowed) breaches.push(`${id}: ${its.length} pushes; ${allowed} are allowed`);
    const late = its.filter(({ atMs }) => !wasUnderWay(atMs, writtenAtMs, faults));
    if (late.length > 0) breaches.push(`${id}: ${late.length} pushes after its end`);
  }
  return breaches;
}
