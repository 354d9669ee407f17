import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject } from '../../event-subject.ts';
import { resendErrorOf } from './resend-error.ts';
import { parseTransactionId } from './transaction-id.ts';

/** `POST …/user/{userId}/push/resend` (ours, with the vendor's codes): pushes the same request again, within the type's limit. */
export function resendPush({ records, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(
      (request.body as { transaction_id?: unknown } | undefined)?.transaction_id,
    );
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record || record.userId !== request.params.userId || record.outcome || record.isBySms) {
      throw new MobileAuthenticationError(3004);
    }
    noteSubject(response, { transactionId, userId: record.userId });
    const verdict = await transactions.resend(transactionId);
    if (verdict === 'ended') throw new MobileAuthenticationError(3004);
    if (!verdict.ok) throw resendErrorOf(verdict);
    response.status(204).end();
  };
}
