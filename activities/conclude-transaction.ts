import { createAttemptCallback } from './attempt-callback.ts';
import {
  createOpenTransaction,
  type OpenTransactionDependencies,
  type OpenTransactionRequest,
} from './open-transaction.ts';
import type { StandingOutcome } from './ports.ts';
import type { CallbackDependencies } from './send-callback.ts';
import {
  createSettleTransaction,
  type SettleTransactionDependencies,
  type SettleTransactionRequest,
} from './settle-transaction.ts';

export type ConcludeTransactionDependencies = SettleTransactionDependencies &
  CallbackDependencies &
  OpenTransactionDependencies;

export interface ConcludeTransactionRequest extends SettleTransactionRequest {
  /** Null where the portal has heard the outcome already, as the result of its own call. */
  readonly callbackUri: string | null;
  /**
   * Written first, where the transaction may not be there: an attempt to open it that was given up may still be under way,
   * and must find it ended.
   */
  readonly opening?: OpenTransactionRequest;
}

export interface Conclusion extends Pick<StandingOutcome, 'outcome' | 'answerSha256'> {
  /** The portal has the news, or needs none. */
  readonly isCalledBack: boolean;
}

/** Writes the outcome, and only then calls the portal back, once and quickly. Returns the outcome that stands. */
export function createConcludeTransaction(dependencies: ConcludeTransactionDependencies) {
  const settleTransaction = createSettleTransaction(dependencies);
  const openTransaction = createOpenTransaction(dependencies);
  const attemptCallback = createAttemptCallback(dependencies);
  return async ({ callbackUri, opening, ...settlement }: ConcludeTransactionRequest): Promise<Conclusion> => {
    if (opening) await openTransaction(opening);
    const { outcome, answerSha256, isNew } = await settleTransaction(settlement);
    if (callbackUri === null) return { outcome, answerSha256, isCalledBack: true };
    const { transactionId } = settlement;
    const { delivered } = await attemptCallback({ transactionId, callbackUri, mayHaveBeenCalled: !isNew });
    return { outcome, answerSha256, isCalledBack: delivered };
  };
}
