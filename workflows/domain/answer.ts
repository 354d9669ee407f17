/** What the inside of an answer must be before its decision counts. */
import type { DenialReason } from './transaction.ts';

export interface AnswerContent {
  readonly purpose: 'answer';
  readonly transactionId: string;
  readonly enrolmentId: string;
  readonly decision: 'approve' | 'deny';
  readonly reason?: DenialReason;
  readonly nonce?: string;
}

export interface ExpectedAnswer {
  readonly transactionId: string;
  readonly enrolmentId: string;
  /** Of the challenge that the phone must have read to approve. */
  readonly nonce: string;
}

const DENIAL_REASONS: readonly unknown[] = ['not_me', 'cancelled', undefined] satisfies (DenialReason | undefined)[];

/**
 * Undefined when `content` is a well-formed answer to the expected transaction. An answer to another transaction is
 * invalid however well it is signed. A denial needs no nonce: it may be given without opening the request.
 */
export function refuseAnswerContent(
  content: unknown,
  expected: ExpectedAnswer,
): 'answer_invalid' | 'challenge_not_read' | undefined {
  if (typeof content !== 'object' || content === null) return 'answer_invalid';
  const answer = content as Partial<Record<keyof AnswerContent, unknown>>;
  const isForUs =
    answer.purpose === 'answer' &&
    answer.transactionId === expected.transactionId &&
    answer.enrolmentId === expected.enrolmentId;
  if (!isForUs) return 'answer_invalid';
  if (answer.decision === 'deny') return DENIAL_REASONS.includes(answer.reason) ? undefined : 'answer_invalid';
  if (answer.decision !== 'approve') return 'answer_invalid';
  return answer.nonce === expected.nonce ? undefined : 'challenge_not_read';
}
