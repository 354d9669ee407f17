import { smsCodeLimitOf } from '../workflows/domain/attempts.ts';
import {
  type FinalState,
  isFinal,
  type Refusal,
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
import type { SmsAttemptStore, SmsCodes } from './ports.ts';

export type TakeSmsCodeDependencies = ConcludeTransactionDependencies & {
  readonly smsAttempts: SmsAttemptStore;
  readonly smsCodes: SmsCodes;
};

export interface TakeSmsCodeRequest extends Pick<ConcludeTransactionRequest, 'transactionId' | 'callbackUri'> {
  /** Names the attempt: the same one again is charged once. */
  readonly attemptId: string;
  /** MAC of the code that was brought back. */
  readonly codeMac: string;
  /** As the type has it; 0 is no limit of its own. */
  readonly maxAttempts: number;
  readonly state: TransactionState;
  readonly rules: TransactionRules;
  readonly givenAtMs: number;
}

export type TakeSmsCodeResult =
  /** Approved, or failed by the last attempt. `isOurs`: by this one, where a run before may have settled by another. */
  | { readonly ok: true; readonly conclusion: Conclusion; readonly isOurs: boolean }
  | { readonly ok: false; readonly refusal: Refusal | 'code_wrong'; readonly attemptsLeft?: number };

/** Judges a code that a portal brings back, and concludes the transaction where it is right or was the last attempt. */
export function createTakeSmsCode(dependencies: TakeSmsCodeDependencies) {
  const { smsAttempts, smsCodes } = dependencies;
  const concludeTransaction = createConcludeTransaction(dependencies);

  return async (request: TakeSmsCodeRequest): Promise<TakeSmsCodeResult> => {
    const { transactionId, attemptId, codeMac, maxAttempts } = request;
    // Refused before it is judged, and so before an attempt is charged for it.
    const approved = move(request, { kind: 'approve', method: 'sms' });
    if (!approved.ok) return approved;
    const left = await smsAttempts.charge({ attemptId, transactionId, limit: smsCodeLimitOf(maxAttempts) });
    if (left !== 'none_left' && smsCodes.isRight(transactionId, codeMac)) return conclude(request, approved.outcome);
    const isLast = left === 'none_left' || left === 0;
    await smsAttempts.recordWrong(attemptId, isLast);
    if (!isLast) return { ok: false, refusal: 'code_wrong', attemptsLeft: left };
    const failed = move(request, { kind: 'fail', reason: 'invalid_answer' });
    return failed.ok ? conclude(request, failed.outcome) : failed;
  };

  async function conclude(request: TakeSmsCodeRequest, outcome: FinalState): Promise<TakeSmsCodeResult> {
    const { transactionId, callbackUri } = request;
    const conclusion = await concludeTransaction({ transactionId, outcome, callbackUri });
    // A code is good once, also for two that bring it at once: one of them has the approval.
    const isApproved = conclusion.outcome.status === 'approved';
    const isOurs = !isApproved || (outcome.status === 'approved' && (await smsAttempts.recordRight(request)));
    return { ok: true, conclusion, isOurs };
  }
}

function move(
  { state, rules, givenAtMs }: TakeSmsCodeRequest,
  event: TransactionEvent,
): { readonly ok: true; readonly outcome: FinalState } | { readonly ok: false; readonly refusal: Refusal } {
  const moved = transition(state, event, rules, givenAtMs);
  if (!moved.ok) return moved;
  if (!isFinal(moved.state)) throw new Error('a decision ends a transaction');
  return { ok: true, outcome: moved.state };
}
