import type { Logger } from '../runtime/logger.ts';
import type { Transactions } from './transactions.ts';

/**
 * Cancels the running transactions of an enrolment that was ended. It is of no weight where that fails: nobody can
 * answer them any more, so they run into their deadline; a log line tells it. Resolves within the time of one cancel.
 */
export async function endTransactions(
  { transactions, logger }: { readonly transactions: Transactions; readonly logger: Logger },
  transactionIds: readonly string[],
): Promise<void> {
  const results = await Promise.allSettled(transactionIds.map((id) => transactions.cancel(id)));
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    const transactionId = transactionIds[index];
    logger.warn({ err: result.reason, transactionId }, 'a transaction of an ended enrolment was not cancelled');
  }
}
