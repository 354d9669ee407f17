import type { Findings } from '../findings.ts';

/** Whoever else answers is refused, and no outcome rests on the answer of another enrolment. */
export function noForeignAnswer({ calls, transactions }: Findings): readonly string[] {
  const heard = calls.filter(({ operation, outcome }) => operation === 'answer_foreign' && outcome === 'acknowledged');
  const foreign = transactions.filter(
    ({ evidenceEnrolmentId, enrolmentId }) => evidenceEnrolmentId !== null && evidenceEnrolmentId !== enrolmentId,
  );
  return [
    ...heard.map(({ transactionId, says }) => `${transactionId}: a foreign phone was told ${says}`),
    ...foreign.map(({ id }) => `${id} rests on the answer of another enrolment`),
  ];
}
