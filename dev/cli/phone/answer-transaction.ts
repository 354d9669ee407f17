import type { AnswerOutcome, Challenge, Decision, DenialReason, TransactionReference } from '../../../sdk/index.ts';
import { aligned } from '../output.ts';
import type { PhoneContext } from './phone-context.ts';

const WORDS: Readonly<Record<AnswerOutcome['status'], string>> = {
  approved: 'Approved.',
  denied: 'Denied.',
  recorded: 'The answer is safe on the server and will be judged as soon as it can.',
};

/** Approves a challenge that was shown, and tells what became of it. */
export async function approveChallenge(phone: PhoneContext, challenge: Challenge): Promise<void> {
  reportAnswer(phone, challenge.transactionId, 'approve', await phone.client.approve(challenge));
}

/** Denies a transaction, opened or not, and tells what became of it. */
export async function denyTransaction(
  phone: PhoneContext,
  transaction: TransactionReference | Challenge,
  reason: DenialReason | undefined,
): Promise<void> {
  const transactionId = typeof transaction === 'string' ? transaction : transaction.transactionId;
  reportAnswer(phone, transactionId, 'deny', await phone.client.deny(transaction, reason ? { reason } : {}));
}

/** Shows what the user is asked. */
export function showChallenge({ output }: PhoneContext, challenge: Challenge): void {
  const { transactionId, type, message, expiresAt } = challenge;
  output.event(
    { event: 'challenge', transactionId, type, message, expiresAt },
    '',
    `  “${message}”`,
    ...aligned({ transaction: transactionId, type, 'answer by': new Date(expiresAt).toLocaleTimeString() }),
  );
}

/** Tells what became of an answer. */
export function reportAnswer(
  { output }: PhoneContext,
  transactionId: string,
  decision: Decision,
  { status }: AnswerOutcome,
): void {
  output.event({ event: status, transactionId, decision }, WORDS[status]);
}
