import type { RequestHandler } from 'express';
import { type MobileAuthenticationCode, MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { ResendVerdict } from '../../../workflows/contract.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parseTransactionId } from './transaction-id.ts';

type Refusal = Extract<ResendVerdict, { ok: false }>['refusal'];

const CODE_OF: Readonly<Record<Refusal, MobileAuthenticationCode>> = {
  already_settled: 3004,
  expired: 3004,
  resend_limit_reached: 3006,
  provider_failed: 1002,
};

/** `POST …/user/{userId}/push/resend` (ours, with the vendor's codes): pushes the same request again, within the type's limit. */
export function resendPush({ records, transactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(
      (request.body as { transaction_id?: unknown } | undefined)?.transaction_id,
    );
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record || record.userId !== request.params.userId || record.outcome) throw new MobileAuthenticationError(3004);
    const verdict = await transactions.resend(transactionId);
    if (verdict === 'ended') throw new MobileAuthenticationError(3004);
    if (!verdict.ok) throw new MobileAuthenticationError(CODE_OF[verdict.refusal]);
    response.status(204).end();
  };
}
