import type { Findings, KeptTransaction } from '../findings.ts';
import type { FaultWindow } from '../record.ts';
import { MAX_RESENDS } from '../stage.ts';
import { wasUnderWay } from './was-under-way.ts';

const LOSING_RUNS = ['worker killed', 'both workers killed', 'worker frozen'];

/**
 * At most one push, the allowed resends, and one more for each that seemed to fail, or whose run a worker may have lost
 * after it was sent and before that was noted; none to speak of after the end.
 */
export function pushesAreBounded({ transactions, pushes, faults }: Findings): readonly string[] {
  const arrived = Map.groupBy(pushes, ({ transactionId }) => transactionId);
  const breaches: string[] = [];
  for (const transaction of transactions) {
    const { id, writtenAtMs, refusedSends, method } = transaction;
    const its = arrived.get(id) ?? [];
    const lostRuns = faults.filter((fault) => mayLoseRunOf(transaction, fault)).length;
    const allowed = ['otp', 'sms'].includes(method) ? 0 : 1 + MAX_RESENDS + refusedSends + lostRuns;
    if (its.length > allowed) breaches.push(`${id}: ${its.length} pushes; ${allowed} are allowed`);
    const late = its.filter(({ atMs }) => !wasUnderWay(atMs, writtenAtMs, faults));
    if (late.length > 0) breaches.push(`${id}: ${late.length} pushes after its end`);
  }
  return breaches;
}

function mayLoseRunOf({ createdAtMs, writtenAtMs }: KeptTransaction, { fault, fromMs, toMs }: FaultWindow): boolean {
  const isWorkers = LOSING_RUNS.includes(fault);
  return isWorkers && toMs >= createdAtMs && (writtenAtMs === null || fromMs <= writtenAtMs);
}
