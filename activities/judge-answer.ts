import type { AnswerMessage, AnswerRefusal } from '../workflows/contract.ts';
import { type AnswerContent, refuseAnswerContent } from '../workflows/domain/answer.ts';
import type { DenialReason } from '../workflows/domain/transaction.ts';
import type { AnswerOpener, ChallengeNonces, EnrolmentStore } from './ports.ts';

export interface JudgeAnswerDependencies {
  readonly enrolments: EnrolmentStore;
  readonly answerOpener: AnswerOpener;
  readonly challengeNonces: ChallengeNonces;
}

export interface JudgeAnswerRequest {
  readonly transactionId: string;
  /** The enrolment that was asked. */
  readonly enrolmentId: string;
  readonly message: AnswerMessage;
}

export type JudgeAnswerResult =
  | { readonly ok: true; readonly decision: 'approve' | 'deny'; readonly reason?: DenialReason }
  | { readonly ok: false; readonly refusal: AnswerRefusal };

/** Decrypts an answer, verifies who signed it and that it is about this transaction. Decides nothing. */
export function createJudgeAnswer({ enrolments, answerOpener, challengeNonces }: JudgeAnswerDependencies) {
  return async ({ transactionId, enrolmentId, message }: JudgeAnswerRequest): Promise<JudgeAnswerResult> => {
    if (message.enrolmentId !== enrolmentId) return { ok: false, refusal: 'not_for_this_enrolment' };
    const keys = await enrolments.findKeys(enrolmentId);
    if (!keys?.active) return { ok: false, refusal: 'enrolment_revoked' };
    const content = await answerOpener.open(message.answer, keys.pgpPublicKey);
    if (content === undefined) return { ok: false, refusal: 'answer_undecryptable' };
    const expected = { transactionId, enrolmentId, nonce: challengeNonces.nonceFor(transactionId, enrolmentId) };
    const refusal = refuseAnswerContent(content, expected);
    if (refusal) return { ok: false, refusal };
    const { decision, reason } = content as AnswerContent;
    return { ok: true, decision, ...(decision === 'deny' && reason && { reason }) };
  };
}
