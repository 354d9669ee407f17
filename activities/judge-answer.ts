import type { AnswerRefusal } from '../workflows/contract.ts';
import { type AnswerContent, refuseAnswerContent } from '../workflows/domain/answer.ts';
import type { DenialReason, SignedData } from '../workflows/domain/transaction.ts';
import {
  createJudgeProof,
  type JudgeProofDependencies,
  type JudgeProofRequest,
  type JudgeProofResult,
} from './judge-proof.ts';
import type { AnswerOpener, ChallengeNonces, EnrolmentStore } from './ports.ts';

export interface JudgeAnswerDependencies extends JudgeProofDependencies {
  readonly enrolments: EnrolmentStore;
  readonly answerOpener: AnswerOpener;
  readonly challengeNonces: ChallengeNonces;
}

export interface JudgeAnswerRequest extends JudgeProofRequest {
  readonly signingData?: string;
}

export type JudgeAnswerResult =
  | (JudgeProofResult & { readonly signed?: SignedData })
  | { readonly ok: true; readonly decision: 'deny'; readonly reason?: DenialReason }
  | { readonly ok: false; readonly refusal: AnswerRefusal };

/** Decrypts an answer, verifies who signed it, that it is about this transaction, and what its method asks for. */
export function createJudgeAnswer(dependencies: JudgeAnswerDependencies) {
  const { enrolments, answerOpener, answerProofs, challengeNonces } = dependencies;
  const judgeProof = createJudgeProof(dependencies);

  return async (request: JudgeAnswerRequest): Promise<JudgeAnswerResult> => {
    const { transactionId, enrolmentId, message, method, signingData } = request;
    if (message.enrolmentId !== enrolmentId) return { ok: false, refusal: 'not_for_this_enrolment' };
    const keys = await enrolments.findKeys(enrolmentId);
    if (!keys?.active) return { ok: false, refusal: 'enrolment_revoked' };
    const content = await answerOpener.open(message.answer, keys.pgpPublicKey, {
      enrolmentId,
      hasOwnServerKey: keys.hasOwnServerKey,
    });
    if (content === undefined) return { ok: false, refusal: 'answer_undecryptable' };
    const nonce = challengeNonces.nonceFor(transactionId, enrolmentId);
    const isSigned = signingData !== undefined;
    const refusal = refuseAnswerContent(content, { transactionId, enrolmentId, nonce, method, isSigned });
    if (refusal) return { ok: false, refusal };
    const answer = content as AnswerContent;
    if (answer.decision === 'deny')
      return { ok: true, decision: 'deny', ...(answer.reason && { reason: answer.reason }) };

    // Before the attempt is charged: a broken signature is a broken app, not a wrong PIN.
    if (isSigned && !answerProofs.isSignatureOver(keys.signingKey, signingData, answer.signature ?? '')) {
      return { ok: false, refusal: 'signature_invalid' };
    }
    const judged = await judgeProof(answer.proof, keys, request, nonce);
    if (!judged.ok || judged.decision !== 'approve' || !isSigned) return judged;
    const signed = { signature: answer.signature ?? '', userPublicKey: answerProofs.pemOf(keys.signingKey) };
    return { ...judged, signed };
  };
}
