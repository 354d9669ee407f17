import type { RequestHandler } from 'express';
import { validate } from 'uuid';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { authorOf } from '../administration/author.ts';

/** `DELETE /admin/v1/transactions/{id}`: an operator ends a transaction of any client. 204, also when it was over before. */
export function cancelTransaction({ records, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = String(request.params.id).toLowerCase();
    const isPending = validate(transactionId)
      ? await records.noteCancellation(transactionId, authorOf(response))
      : undefined;
    if (isPending === undefined) throw new AppError('resource_unknown');
    if (isPending) await transactions.cancel(transactionId, 'operator');
    response.status(204).end();
  };
}
