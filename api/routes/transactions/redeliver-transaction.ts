import type { RequestHandler } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../runtime/errors.ts';
import { MAX_REDELIVERIES } from '../../../workflows/domain/callback-schedule.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { authorOf } from '../administration/author.ts';
import { transactionIdOf } from './named-transaction.ts';
import { reasonOf } from './reason.ts';

/**
 * `POST /admin/v1/transactions/{id}/redeliver`: calls the portal back once more, as the portal itself may ask for. 202 with
 * the number of the delivery.
 */
export function redeliverTransaction(dependencies: ApiDependencies): RequestHandler {
  const { operatorTransactions, callbackLog, transactions } = dependencies;
  return async (request, response) => {
    const transactionId = transactionIdOf(request);
    const noted = await operatorTransactions.noteAction(transactionId, {
      ...{ event: 'ADMIN_CALLBACK_REDELIVERED', when: 'settled', author: authorOf(response) },
      reason: reasonOf(request),
    });
    if (!noted) throw new AppError('resource_unknown');
    if (noted.isPending) throw new AppError('transaction_pending');
    const { callbackUri } = noted;
    if (callbackUri === null) throw new AppError('resource_unknown', 'callback');
    const number = (await callbackLog.countRedeliveries(transactionId)) + 1;
    if (number > MAX_REDELIVERIES) throw new AppError('redeliveries_used_up');
    const started = await transactions.redeliverCallback({ transactionId, callbackUri, number, requestId: uuidv7() });
    if (started === 'underway') throw new AppError('redelivery_underway');
    response.status(202).json({ delivery: number });
  };
}
