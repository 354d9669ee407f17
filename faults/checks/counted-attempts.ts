import type { Findings } from '../findings.ts';
import { PIN_LIMIT } from '../stage.ts';

const CHARGED = ['approved', 'pin_wrong'];

/** Each PIN that was judged was charged once, and between right ones no more wrong ones were taken than allowed. */
export function countedAttempts({ calls, enrolments }: Findings): readonly string[] {
  const answers = Map.groupBy(
    calls.filter(({ pin }) => pin !== undefined),
    ({ enrolmentId }) => enrolmentId,
  );
  const breaches: string[] = [];
  for (const { id, chargedPins, isRevoked } of enrolments) {
    const its = answers.get(id) ?? [];
    const failed = its.filter(({ says }) => says === 'failed').length;
    const judged = its.filter(({ outcome, says }) => outcome === 'acknowledged' && CHARGED.includes(says)).length;
    // Of several that failed at once the last attempt was one; the others found none left to charge.
    const least = judged + Math.min(failed, 1);
    // Recorded ones are judged later; of those without a reply nobody knows.
    const perhaps = its.filter(({ outcome, says }) => outcome === 'unknown' || says === 'recorded').length;
    const late = its.filter(({ outcome }) => outcome === 'refused').length;
    if (chargedPins < least) breaches.push(`${id}: ${least} PINs were judged, and ${chargedPins} charged`);
    if (chargedPins > judged + failed + perhaps + late)
      breaches.push(`${id}: ${chargedPins} PINs charged, ${judged} judged`);
    const wrong = mostWrongInARow(its.map(({ pin, says }) => ({ pin, says })));
    // The last one that is allowed fails its transaction, as does every one after it.
    if (wrong >= PIN_LIMIT) breaches.push(`${id}: after ${wrong} wrong PINs in a row another was asked for`);
    if (its.some(({ says }) => says === 'failed') && !isRevoked) {
      breaches.push(`${id} had its last attempt, and is enrolled`);
    }
  }
  return breaches;
}

function mostWrongInARow(answers: readonly { pin: string | undefined; says: string }[]): number {
  let most = 0;
  let row = 0;
  for (const { says } of answers) {
    if (says === 'approved') row = 0;
    if (says === 'pin_wrong') row += 1;
    most = Math.max(most, row);
  }
  return most;
}
