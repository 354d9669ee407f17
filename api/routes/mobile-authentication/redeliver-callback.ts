import type { RequestHandler } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import { MAX_REDELIVERIES } from '../../../workflows/domain/callback-schedule.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parseTransactionId } from './transaction-id.ts';

/**
 * `POST …/transaction/{id}/callbacks/redeliver` (ours): calls the portal back once more, with the same bytes. 202 when
 * that is under way; one at a time for each transaction, and twenty in all.
 */
export function redeliverCallback({ records, callbackLog, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record) throw new MobileAuthenticationError(3004);
    const { callbackUri } = record;
    if (callbackUri === null) throw new MobileAuthenticationError(3004, 'The transaction has no callback.');
    if (!record.outcome) throw new AppError('transaction_pending');
    const number = (await callbackLog.countRedeliveries(transactionId)) + 1;
    if (number > MAX_REDELIVERIES) throw new AppError('redeliveries_used_up');
    const started = await transactions.redeliverCallback({ transactionId, callbackUri, number, requestId: uuidv7() });
    if (started === 'underway') throw new AppError('redelivery_underway');
    response.status(202).json({ transaction_id: transactionId, delivery: number });
  };
}
