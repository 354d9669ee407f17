import { eventOf } from '../workflows/domain/events.ts';
import type { FinalState } from '../workflows/domain/transaction.ts';
import type { EventSubject, Evidence, StandingOutcome, TransactionStore } from './ports.ts';

export interface SettleTransactionDependencies {
  readonly transactions: Pick<TransactionStore, 'settle'>;
}

export interface SettleTransactionRequest {
  readonly transactionId: string;
  readonly outcome: FinalState;
  readonly subject: Omit<EventSubject, 'transactionId'>;
  readonly evidence?: Evidence;
}

/** Writes the outcome with its evidence and event, all or nothing, and returns the outcome that stands. */
export function createSettleTransaction({ transactions }: SettleTransactionDependencies) {
  return ({ transactionId, outcome, subject, evidence }: SettleTransactionRequest): Promise<StandingOutcome> =>
    transactions.settle({
      outcome,
      event: eventOf(outcome),
      subject: { transactionId, ...subject },
      ...(evidence && { evidence }),
    });
}
