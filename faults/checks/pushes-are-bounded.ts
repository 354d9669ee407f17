import type { Findings } from '../findings.ts';
import { MAX_RESENDS } from '../stage.ts';

/** A push that was under way when the end came. */
const UNDER_WAY_MS = 5_000;

/** At most one push, the allowed resends, and one more for each that seemed to fail; none to speak of after the end. */
export function pushesAreBounded({ transactions, pushes }: Findings): readonly string[] {
  const arrived = Map.groupBy(pushes, ({ transactionId }) => transactionId);
  const breaches: string[] = [];
  for (const { id, writtenAtMs, refusedSends, method } of transactions) {
    const its = arrived.get(id) ?? [];
    const allowed = method === 'otp' ? 0 : 1 + MAX_RESENDS + refusedSends;
    if (its.length > allowed) breaches.push(`${id}: ${its.length} pushes; ${allowed} are allowed`);
    const late = its.filter(({ atMs }) => writtenAtMs !== null && atMs > writtenAtMs + UNDER_WAY_MS);
    if (late.length > 0) breaches.push(`${id}: ${late.length} pushes after its end`);
  }
  return breaches;
}
