import type { AuthenticateInput } from '../workflows/contract.ts';
import type { TransactionStore } from './ports.ts';

export interface OpenTransactionDependencies {
  readonly transactions: Pick<TransactionStore, 'open'>;
}

export interface OpenTransactionRequest {
  readonly input: AuthenticateInput;
  readonly createdAtMs: number;
  readonly deadlineMs: number;
}

/** Writes the pending transaction with its first event, before any push can lead a phone to it. */
export function createOpenTransaction({ transactions }: OpenTransactionDependencies) {
  return async ({ input, createdAtMs, deadlineMs }: OpenTransactionRequest): Promise<void> => {
    await transactions.open(input, { createdAtMs, deadlineMs });
  };
}
