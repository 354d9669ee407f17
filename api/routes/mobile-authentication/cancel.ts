import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parseTransactionId } from './transaction-id.ts';

/** `DELETE …/transaction/{id}` (ours): 204 when the transaction is over, however it ended; the result tells how. */
export function cancel({ records, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record) throw new MobileAuthenticationError(3004);
    if (!record.outcome) await transactions.cancel(transactionId);
    response.status(204).end();
  };
}
