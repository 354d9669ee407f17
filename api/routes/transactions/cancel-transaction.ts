import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { authorOf } from '../administration/author.ts';
import { transactionIdOf } from './named-transaction.ts';
import { type GiveReason, reasonOf } from './reason.ts';

/**
 * `DELETE /admin/v1/transactions/{id}`, and `POST …/cancel` with a reason: an operator ends a transaction of any client.
 * 204, also when it was over before.
 */
export function cancelTransaction(
  { operatorTransactions, transactions }: ApiDependencies,
  giveReason: GiveReason = reasonOf,
): RequestHandler {
  return async (request, response) => {
    const transactionId = transactionIdOf(request);
    const noted = await operatorTransactions.noteAction(transactionId, {
      ...{ event: 'ADMIN_TRANSACTION_CANCELLED', when: 'pending', author: authorOf(response) },
      reason: giveReason(request),
    });
    if (!noted) throw new AppError('resource_unknown');
    if (noted.isPending) await transactions.cancel(transactionId, 'operator');
    response.status(204).end();
  };
}
