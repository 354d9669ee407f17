import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { ownerOf, transactionIdOf } from './named-transaction.ts';

/** `GET /admin/v1/transactions/{id}/receipt`: the signed receipt, as its portal gets it. */
export function readTransactionReceipt({ operatorTransactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const found = await operatorTransactions.findReceipt(transactionIdOf(request), ownerOf(request));
    if (!found) throw new AppError('resource_unknown');
    if (found.isPending) throw new AppError('transaction_pending');
    if (found.receipt === null) throw new AppError('resource_unknown', 'receipt');
    response.json({ receipt: found.receipt });
  };
}
