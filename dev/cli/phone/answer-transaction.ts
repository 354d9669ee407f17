import type {
  AnswerOutcome,
  ApprovalInput,
  Challenge,
  CustomInfo,
  Decision,
  DenialReason,
  MobileAuthRequest,
  TransactionReference,
} from '../../../sdk/index.ts';
import { aligned } from '../output.ts';
import type { PhoneContext } from './phone-context.ts';

const WORDS: Readonly<Record<AnswerOutcome['status'], string>> = {
  approved: 'Approved.',
  denied: 'Denied.',
  recorded: 'The answer is safe on the server and will be judged as soon as it can.',
  failed: 'Wrong, and that was the last attempt.',
  pin_wrong: 'Wrong PIN.',
  pin_required: 'Not taken; approve with the PIN.',
  number_wrong: 'Wrong number.',
};

/** Approves a challenge that was shown, and tells what became of it. */
export async function approveChallenge(
  phone: PhoneContext,
  challenge: Challenge,
  input: ApprovalInput = {},
): Promise<boolean> {
  const outcome = await phone.client.approve(challenge, input);
  reportAnswer(phone, challenge.transactionId, 'approve', outcome);
  return outcome.status === 'approved' || outcome.status === 'recorded';
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
export function showChallenge({ output }: PhoneContext, challenge: Omit<MobileAuthRequest, 'userId'>): void {
  const { transactionId, type, method, message, expiresAt, signingData } = challenge;
  output.event(
    {
      event: 'challenge',
      transactionId,
      type,
      method,
      message,
      expiresAt,
      ...(signingData !== undefined && { signingData }),
    },
    '',
    `  “${message}”`,
    ...(signingData === undefined ? [] : [`  to sign: ${signingData}`]),
    ...aligned({ transaction: transactionId, type, 'answer by': new Date(expiresAt).toLocaleTimeString() }),
  );
}

/** What a custom authenticator said, for people. */
export function wordsOf(custom: CustomInfo | undefined): string {
  if (!custom) return '';
  return ` The authenticator says ${custom.status}${custom.data === undefined ? '' : `: ${custom.data}`}`;
}

/** Tells what became of an answer. */
export function reportAnswer(
  { output }: PhoneContext,
  transactionId: string,
  decision: Decision,
  outcome: AnswerOutcome,
): void {
  const left = 'attemptsLeft' in outcome ? { attemptsLeft: outcome.attemptsLeft } : {};
  const words = 'attemptsLeft' in outcome ? ` Attempts left: ${outcome.attemptsLeft}.` : '';
  const custom = 'custom' in outcome ? outcome.custom : undefined;
  output.event(
    { event: outcome.status, transactionId, decision, ...left, ...(custom && { custom }) },
    WORDS[outcome.status] + words + wordsOf(custom),
  );
}
