/** What the inside of an answer must be before its decision counts. */
import type { AuthenticationMethod, DenialReason } from './transaction.ts';

export interface AnswerContent {
  readonly purpose: 'answer';
  readonly transactionId: string;
  readonly enrolmentId: string;
  readonly decision: 'approve' | 'deny';
  readonly reason?: DenialReason;
  readonly nonce?: string;
  readonly proof?: AnswerProof;
  /** Base64, over the signing data. */
  readonly signature?: string;
}

/** What an approval shows beside its nonce, by the method. */
export type AnswerProof =
  /** Base64url, Ed25519 by the PIN key. */
  | { readonly kind: 'pin'; readonly signature: string }
  /** Base64url, ECDSA P-256 by the biometric key (IEEE P1363). */
  | { readonly kind: 'biometric'; readonly signature: string }
  /** Whatever the configured verifier understands. */
  | { readonly kind: 'custom'; readonly payload?: string }
  | { readonly kind: 'number'; readonly number: string };

export interface ExpectedAnswer {
  readonly transactionId: string;
  readonly enrolmentId: string;
  /** Of the challenge that the phone must have read to approve. */
  readonly nonce: string;
  readonly method: AuthenticationMethod;
  readonly isSigned: boolean;
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
  if (answer.nonce !== expected.nonce) return 'challenge_not_read';
  if (expected.isSigned && !isText(answer.signature)) return 'answer_invalid';
  return hasProofFor(expected.method, answer.proof) ? undefined : 'answer_invalid';
}

/** The method is the server's to choose: an approval that brings the proof of a weaker one is none. */
function hasProofFor(method: AuthenticationMethod, given: unknown): boolean {
  const proof = (given ?? {}) as { kind?: unknown; signature?: unknown; number?: unknown; payload?: unknown };
  const isPin = proof.kind === 'pin' && isText(proof.signature);
  switch (method) {
    case 'push':
    case 'otp':
      return true;
    case 'push_with_pin':
      return isPin;
    // The PIN always works.
    case 'push_with_fingerprint':
      return isPin || (proof.kind === 'biometric' && isText(proof.signature));
    case 'push_with_custom_authenticator':
      return isPin || (proof.kind === 'custom' && (proof.payload === undefined || typeof proof.payload === 'string'));
    // Answered by a code, which no phone of ours brings.
    case 'sms':
      return false;
    case 'push_with_number':
      return proof.kind === 'number' && isText(proof.number);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
