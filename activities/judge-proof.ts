import { timingSafeEqual } from 'node:crypto';
import type { AnswerMessage, AnswerRefusal, CustomInfo } from '../workflows/contract.ts';
import type { AnswerProof } from '../workflows/domain/answer.ts';
import type { AuthenticationMethod } from '../workflows/domain/transaction.ts';
import type {
  AnswerProofs,
  AttemptStore,
  CustomAuthenticators,
  EnrolmentKeys,
  EventSubject,
  TransactionNumbers,
} from './ports.ts';

export interface JudgeProofDependencies {
  readonly answerProofs: AnswerProofs;
  readonly attempts: AttemptStore;
  readonly customAuthenticators: CustomAuthenticators;
  readonly transactionNumbers: TransactionNumbers;
}

export interface JudgeProofRequest {
  readonly transactionId: string;
  /** The enrolment that was asked. */
  readonly enrolmentId: string;
  readonly subject: EventSubject;
  readonly message: AnswerMessage;
  readonly method: AuthenticationMethod;
  readonly numberDigits?: number;
}

export type JudgeProofResult =
  /** `method`: the one really used, which is the PIN's where the PIN stood in. */
  | {
      readonly ok: true;
      readonly decision: 'approve';
      readonly method: AuthenticationMethod;
      readonly custom?: CustomInfo;
    }
  /** The last attempt was used up; a PIN's takes the enrolment with it, once the transaction is concluded. */
  | { readonly ok: true; readonly decision: 'fail'; readonly endsEnrolment: boolean }
  | {
      readonly ok: false;
      readonly refusal: AnswerRefusal;
      readonly attemptsLeft?: number;
      readonly custom?: CustomInfo;
    };

/** Judges what an approval shows; its kind fits the method already (workflows/domain/answer.ts). */
export function createJudgeProof(dependencies: JudgeProofDependencies) {
  const { answerProofs, attempts, customAuthenticators, transactionNumbers } = dependencies;

  return async (
    proof: AnswerProof | undefined,
    keys: EnrolmentKeys,
    request: JudgeProofRequest,
    nonce: string,
  ): Promise<JudgeProofResult> => {
    const approval = { ok: true, decision: 'approve', method: request.method } as const;
    if (request.method === 'push' || request.method === 'otp') return approval;
    switch (proof?.kind) {
      case 'pin':
        return judgePin(proof.signature, keys, request, nonce);
      case 'number':
        return judgeNumber(proof.number, request);
      case 'biometric':
        return judgeBiometric(proof.signature, keys, request, nonce);
      case 'custom':
        return judgeCustom(proof.payload, request);
      default:
        return { ok: false, refusal: 'answer_invalid' };
    }
  };

  /** Counted per enrolment, across its transactions, until a right one. */
  async function judgePin(
    signature: string,
    { pinPublicKey }: EnrolmentKeys,
    { transactionId, enrolmentId, message }: JudgeProofRequest,
    nonce: string,
  ): Promise<JudgeProofResult> {
    if (pinPublicKey === null) return { ok: false, refusal: 'answer_invalid' };
    const isRight = answerProofs.isPinProof(pinPublicKey, { transactionId, enrolmentId, nonce }, signature);
    const attempt = { transactionId, enrolmentId, answerSha256: message.answerSha256 };
    const left = await attempts.chargePin(attempt, isRight);
    if (left !== 'none_left' && isRight) return { ok: true, decision: 'approve', method: 'push_with_pin' };
    if (left !== 'none_left' && left > 0) return { ok: false, refusal: 'pin_wrong', attemptsLeft: left };
    return { ok: true, decision: 'fail', endsEnrolment: true };
  }

  async function judgeNumber(typed: string, request: JudgeProofRequest): Promise<JudgeProofResult> {
    const { transactionId, enrolmentId, message, method, numberDigits = 2 } = request;
    const left = await attempts.chargeNumber({ transactionId, enrolmentId, answerSha256: message.answerSha256 });
    const shown = Buffer.from(transactionNumbers.numberFor(transactionId, numberDigits));
    const given = Buffer.from(typed);
    const isRight = given.length === shown.length && timingSafeEqual(given, shown);
    if (left !== 'none_left' && isRight) return { ok: true, decision: 'approve', method };
    if (left !== 'none_left' && left > 0) return { ok: false, refusal: 'number_wrong', attemptsLeft: left };
    return { ok: true, decision: 'fail', endsEnrolment: false };
  }

  /** A wrong proof ends the biometric key, not the transaction: the PIN is asked for. */
  async function judgeBiometric(
    signature: string,
    { biometricKey }: EnrolmentKeys,
    { transactionId, enrolmentId, method }: JudgeProofRequest,
    nonce: string,
  ): Promise<JudgeProofResult> {
    if (!biometricKey) return { ok: false, refusal: 'pin_required' };
    const isRight = answerProofs.isBiometricProof(biometricKey, { transactionId, enrolmentId, nonce }, signature);
    if (isRight) return { ok: true, decision: 'approve', method };
    await attempts.revokeBiometricKey(enrolmentId);
    return { ok: false, refusal: 'pin_required' };
  }

  async function judgeCustom(payload: string | undefined, request: JudgeProofRequest): Promise<JudgeProofResult> {
    const { transactionId, method, subject } = request;
    const { isAccepted, custom } = await customAuthenticators.verify({
      transactionId,
      userId: subject.userId ?? '',
      applicationId: subject.applicationId ?? '',
      deviceId: subject.deviceId ?? '',
      ...(payload !== undefined && { payload }),
    });
    const told = custom ? { custom } : {};
    if (isAccepted) return { ok: true, decision: 'approve', method, ...told };
    return { ok: false, refusal: 'pin_required', ...told };
  }
}
