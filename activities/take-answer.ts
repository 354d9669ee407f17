import type { AnswerMessage, AnswerRefusal, CustomInfo } from '../workflows/contract.ts';
import {
  type AuthenticationMethod,
  isFinal,
  type TransactionEvent,
  type TransactionRules,
  type TransactionState,
  transition,
} from '../workflows/domain/transaction.ts';
import {
  type ConcludeTransactionDependencies,
  type ConcludeTransactionRequest,
  type Conclusion,
  createConcludeTransaction,
} from './conclude-transaction.ts';
import { createJudgeAnswer, type JudgeAnswerDependencies, type JudgeAnswerResult } from './judge-answer.ts';
import type { EventSubject, TransactionStore } from './ports.ts';

export type TakeAnswerDependencies = JudgeAnswerDependencies &
  ConcludeTransactionDependencies & { readonly transactions: Pick<TransactionStore, 'findClaimant' | 'findOutcome'> };

export interface TakeAnswerRequest extends Pick<ConcludeTransactionRequest, 'transactionId' | 'callbackUri'> {
  /** Null where the phone that has claimed the transaction answers it. */
  readonly enrolmentId: string | null;
  readonly subject: EventSubject;
  readonly message: AnswerMessage;
  readonly method: AuthenticationMethod;
  readonly numberDigits?: number;
  readonly signingData?: string;
  /** Where the transaction stands, by which rules, and when the answer counts as given. */
  readonly state: TransactionState;
  readonly rules: TransactionRules;
  readonly givenAtMs: number;
}

export type TakeAnswerResult =
  | { readonly ok: true; readonly conclusion: Conclusion; readonly custom?: CustomInfo }
  | {
      readonly ok: false;
      readonly refusal: AnswerRefusal;
      readonly attemptsLeft?: number;
      readonly custom?: CustomInfo;
    };

/** Judges an answer, decides by the rules, and concludes the transaction where the answer is a decision. */
export function createTakeAnswer(dependencies: TakeAnswerDependencies) {
  const judgeAnswer = createJudgeAnswer(dependencies);
  const concludeTransaction = createConcludeTransaction(dependencies);
  return async (request: TakeAnswerRequest): Promise<TakeAnswerResult> => {
    const { transactionId, message, callbackUri } = request;
    // Refused before it is judged, and so before an attempt is charged for it.
    const early = transition(
      request.state,
      { kind: 'approve', method: request.method },
      request.rules,
      request.givenAtMs,
    );
    if (!early.ok) return early;
    const enrolmentId = request.enrolmentId ?? (await dependencies.transactions.findClaimant(transactionId));
    if (enrolmentId === undefined) return { ok: false, refusal: 'not_for_this_enrolment' };
    const judged = await judgeAnswer({ ...request, enrolmentId });
    if (!judged.ok) return (await concludedBefore(request)) ?? judged;
    const event = eventOf(judged);
    const moved = transition(request.state, event, request.rules, request.givenAtMs);
    if (!moved.ok) return moved;
    if (!isFinal(moved.state)) throw new Error('a decision ends a transaction');
    const evidence = { answer: message.answer, answerSha256: message.answerSha256, enrolmentId };
    const conclusion = await concludeTransaction({
      transactionId,
      outcome: moved.state,
      evidence,
      callbackUri,
    });
    // Last: were this run again half-way, the answer of a revoked enrolment could not be judged any more.
    if (judged.decision === 'fail' && judged.endsEnrolment) await dependencies.attempts.revokeForPins(enrolmentId);
    return { ok: true, conclusion, ...('custom' in judged && judged.custom && { custom: judged.custom }) };
  };

  /**
   * What a run that was lost has written stands, though this one judges otherwise: a custom authenticator may say yes once,
   * and an enrolment may be gone by now.
   */
  async function concludedBefore({
    transactionId,
    callbackUri,
  }: TakeAnswerRequest): Promise<TakeAnswerResult | undefined> {
    const standing = await dependencies.transactions.findOutcome(transactionId);
    if (!standing) return undefined;
    return {
      ok: true,
      conclusion: await concludeTransaction({ transactionId, outcome: standing.outcome, callbackUri }),
    };
  }
}

function eventOf(judged: JudgeAnswerResult & { readonly ok: true }): TransactionEvent {
  switch (judged.decision) {
    case 'approve':
      return { kind: 'approve', method: judged.method, ...(judged.signed && { signed: judged.signed }) };
    case 'deny':
      return { kind: 'deny', by: 'user', ...(judged.reason && { reason: judged.reason }) };
    case 'fail':
      return { kind: 'fail', reason: 'invalid_answer' };
  }
}
