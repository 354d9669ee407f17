import { eventOf } from '../workflows/domain/events.ts';
import type { FinalState } from '../workflows/domain/transaction.ts';
import type { Evidence, ReceiptSigner, StandingOutcome, TransactionStore } from './ports.ts';
import { receiptClaimsOf } from './receipt-claims.ts';

export interface SettleTransactionDependencies {
  readonly transactions: Pick<TransactionStore, 'findPending' | 'settle'>;
  readonly receipts: ReceiptSigner;
}

export interface SettleTransactionRequest {
  readonly transactionId: string;
  readonly outcome: FinalState;
  readonly evidence?: Evidence;
}

/** Writes the outcome with its evidence, event and receipt, all or nothing, and returns the outcome that stands. */
export function createSettleTransaction({ transactions, receipts }: SettleTransactionDependencies) {
  async function signReceipt({ transactionId, outcome, evidence }: SettleTransactionRequest): Promise<string | null> {
    const pending = await transactions.findPending(transactionId);
    if (!pending) return null;
    const fingerprint = pending.pgpPublicKey && (await receipts.pgpFingerprintOf(pending.pgpPublicKey));
    return receipts.sign(receiptClaimsOf(pending, fingerprint, outcome, evidence));
  }

  return async (request: SettleTransactionRequest): Promise<StandingOutcome> => {
    const { transactionId, outcome, evidence } = request;
    return transactions.settle({
      transactionId,
      outcome,
      event: eventOf(outcome),
      receipt: await signReceipt(request),
      ...(evidence && { evidence }),
    });
  };
}
