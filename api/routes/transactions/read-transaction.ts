import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import { workflowIdOf } from '../../../workflows/contract.ts';
import { callbackAddressOf } from '../../../workflows/domain/callback-address.ts';
import type { FinalState } from '../../../workflows/domain/transaction.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { TransactionDetail } from '../../ports.ts';
import { buildTimeline } from '../../timeline/build-timeline.ts';
import { ownerOf, transactionIdOf } from './named-transaction.ts';

/** `GET /admin/v1/transactions/{id}`: everything of a transaction but what is secret, and all that happened to it. */
export function readTransaction({ operatorTransactions, callbackLog }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = transactionIdOf(request);
    const detail = await operatorTransactions.find(transactionId, ownerOf(request));
    if (!detail) throw new AppError('resource_unknown');
    const [history, callbacks] = await Promise.all([
      operatorTransactions.readHistory(transactionId),
      callbackLog.list(transactionId),
    ]);
    response.json({ ...describe(detail), timeline: buildTimeline(history, callbacks) });
  };
}

function describe({ outcome, callbackUri, callbackState, ...detail }: TransactionDetail): object {
  return {
    ...detail,
    reason: reasonOf(outcome),
    // A query may hold what is nobody's business.
    callback: { uri: callbackUri === null ? null : callbackAddressOf(callbackUri), state: callbackState },
    workflowId: workflowIdOf(detail.id),
  };
}

/** Why, or by whom, where the outcome says more than its name; the method really used where it is an approval. */
function reasonOf(outcome: FinalState | null): string | null {
  switch (outcome?.status) {
    case 'approved':
      return outcome.method;
    case 'denied':
      return outcome.reason ?? outcome.by;
    case 'failed':
      return outcome.reason;
    case 'cancelled':
      return outcome.by;
    default:
      return null;
  }
}
