import type { Findings } from '../findings.ts';
import type { Call } from '../record.ts';
import { SMS_CODE_LIMIT } from '../stage.ts';

/** What a portal is told of a wrong code. */
const CODE_WRONG = '3003';

/** Each code that was judged was charged once, no more wrong ones were judged than allowed, and a right one is good once. */
export function countedCodes({ calls, transactions }: Findings): readonly string[] {
  const brought = Map.groupBy(
    calls.filter(({ operation }) => operation === 'verify'),
    ({ transactionId }) => transactionId,
  );
  return transactions.flatMap(({ id, status, chargedCodes }) => {
    const its = brought.get(id) ?? [];
    const wrong = its.filter(({ says }) => says === CODE_WRONG).length;
    const right = its.filter(isTaken).length;
    const breaches: string[] = [];
    if (its.some((call) => call.code === 'wrong' && isTaken(call))) breaches.push(`${id}: a wrong code was taken`);
    if (right > 1) breaches.push(`${id}: a code was taken ${right} times`);
    if (wrong > SMS_CODE_LIMIT) breaches.push(`${id}: ${wrong} wrong codes were judged`);
    if (wrong === SMS_CODE_LIMIT && status !== 'failed') breaches.push(`${id} had its last code, and is ${status}`);
    if (chargedCodes < wrong + right)
      breaches.push(`${id}: ${wrong + right} codes judged, and ${chargedCodes} charged`);
    if (chargedCodes > its.length) breaches.push(`${id}: ${chargedCodes} codes charged, ${its.length} brought`);
    return breaches;
  });
}

function isTaken({ outcome, says }: Call): boolean {
  return outcome === 'acknowledged' && says === 'approved';
}
