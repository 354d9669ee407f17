import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { LoggedCallback } from '../../ports.ts';
import { parseTransactionId } from './transaction-id.ts';

/** `GET …/transaction/{id}/callbacks` (ours): every attempt to call the portal back, and what became of it. */
export function listCallbacks({ records, callbackLog }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record) throw new MobileAuthenticationError(3004);
    const attempts = await callbackLog.list(transactionId);
    response.json({
      ...(record.callbackUri !== null && { callback_uri: record.callbackUri }),
      transaction_id: transactionId,
      delivered: attempts.some(({ failure }) => failure === null),
      attempts: attempts.map(describe),
    });
  };
}

function describe({ startedAtMs, durationMs, httpStatus, failure, delivery, number }: LoggedCallback): object {
  return {
    timestamp: Math.round(startedAtMs),
    duration: durationMs,
    delivery,
    number,
    ...(httpStatus !== null && { http_status: httpStatus }),
    ...(failure !== null && { failure }),
  };
}
