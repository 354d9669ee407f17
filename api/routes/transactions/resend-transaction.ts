import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { ResendVerdict } from '../../../workflows/contract.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { authorOf } from '../administration/author.ts';
import { transactionIdOf } from './named-transaction.ts';
import { reasonOf } from './reason.ts';

/** `POST /admin/v1/transactions/{id}/resend`: sends the push or SMS again, within the limits of its portal. 204. */
export function resendTransaction({ operatorTransactions, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = transactionIdOf(request);
    const noted = await operatorTransactions.noteAction(transactionId, {
      ...{ event: 'ADMIN_TRANSACTION_RESENT', when: 'pending', author: authorOf(response) },
      reason: reasonOf(request),
    });
    if (!noted) throw new AppError('resource_unknown');
    const verdict = noted.isPending ? await transactions.resend(transactionId) : 'ended';
    if (verdict === 'ended') throw new AppError('transaction_already_settled');
    if (!verdict.ok) throw errorOf(verdict);
    response.status(204).end();
  };
}

function errorOf({ refusal, retryAfterSeconds }: ResendVerdict & { readonly ok: false }): AppError {
  switch (refusal) {
    case 'already_settled':
      return new AppError('transaction_already_settled');
    case 'expired':
      return new AppError('transaction_expired');
    case 'resend_limit_reached':
      return new AppError('resend_limit_reached');
    case 'sms_budget_exceeded':
      return new AppError(
        'sms_budget_exceeded',
        undefined,
        retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
      );
    case 'storage_unavailable':
      return new AppError('unavailable');
    default:
      return new AppError('resend_failed', refusal);
  }
}
