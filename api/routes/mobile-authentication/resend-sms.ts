import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject } from '../../event-subject.ts';
import { resendErrorOf } from './resend-error.ts';
import { parseTransactionId } from './transaction-id.ts';

/** `POST …/user/{userId}/sms/resend`: sends the same code again, within the type's limit; 204. */
export function resendSms({ records, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(
      (request.body as { transaction_id?: unknown } | undefined)?.transaction_id,
    );
    noteSubject(response, { transactionId, userId: request.params.userId as string });
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record?.isBySms || record.outcome) throw new MobileAuthenticationError(3004);
    // The second meaning that the vendor gives this code (A7).
    if (record.userId !== request.params.userId) throw new MobileAuthenticationError(3005, 'The user id is invalid.');
    const verdict = await transactions.resend(transactionId);
    if (verdict === 'ended') throw new MobileAuthenticationError(3004);
    if (!verdict.ok) throw resendErrorOf(verdict);
    response.status(204).end();
  };
}
