import type { RequestHandler } from 'express';
import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parseTransactionId } from './transaction-id.ts';

/** `GET …/transaction/{id}/receipt`: the signed receipt of a transaction that has ended. */
export function readReceipt({ receipts }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    const found = await receipts.findForClient(transactionId, clientOf(response).id);
    if (!found) throw new MobileAuthenticationError(3004);
    if (found.isPending) throw new AppError('transaction_pending');
    if (found.receipt === null) throw new MobileAuthenticationError(3004, 'No receipt of the transaction is kept.');
    response.json({ receipt: found.receipt });
  };
}
