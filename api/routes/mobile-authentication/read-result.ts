import type { RequestHandler } from 'express';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { AuthenticationMethod, FailureReason, SignedData } from '../../../workflows/domain/transaction.ts';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject, subjectOf } from '../../event-subject.ts';
import type { TransactionRecord } from '../../ports.ts';
import { parseTransactionId } from './transaction-id.ts';

type Reason = FailureReason | 'not_accepted';

const DESCRIPTIONS_OF_SMS: Readonly<Record<Reason, string>> = {
  failed_to_send: 'The SMS could not be sent.',
  invalid_request: 'The SMS authentication request was invalid.',
  invalid_answer: 'Too many verification codes were wrong.',
  not_accepted: 'The user rejected the request.',
};

const DESCRIPTIONS: Readonly<Record<Reason, string>> = {
  failed_to_send: 'The push message could not be sent.',
  invalid_request: 'The push authentication request was invalid.',
  invalid_answer: 'The answer to the push was invalid.',
  not_accepted: 'The user rejected the push.',
};

/** `GET …/transaction/{id}`: the result, as often as it is asked for. While nothing is decided `status` is `pending`. */
export function readResult({ records, auditTrail }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    noteSubject(response, { transactionId });
    const record = await records.findForClient(transactionId, clientOf(response).id);
    if (!record) throw new MobileAuthenticationError(3004);
    // While nothing is decided, portals may ask as often as they like without leaving a trail.
    if (record.outcome) {
      await auditTrail.record({
        name: 'PUSH_AUTH_TRANSACTION_RETRIEVED',
        ...subjectOf(response),
        userId: record.userId,
        caller: callerOf(request),
      });
    }
    response.json(resultOf(record));
  };
}

function resultOf(record: TransactionRecord): object {
  const { outcome } = record;
  const reason = reasonOf(record);
  return {
    ...(record.callbackUri !== null && { callback_uri: record.callbackUri }),
    transaction_id: record.transactionId,
    timestamp: Math.round(record.createdAtMs),
    ...(record.userId !== null && { user_id: record.userId }),
    is_authenticated: outcome?.status === 'approved',
    authentication_method: outcome?.status === 'approved' ? outcome.method : methodUnderWay(record),
    status: outcome?.status ?? 'pending',
    policy_version: record.policyVersion,
    ...(record.method === 'push_with_pin' && { used_authentication_attempts: record.attempts }),
    ...(outcome?.status === 'approved' && outcome.signed && signatureOf(outcome.signed)),
    ...(reason && {
      not_authenticated_reason: { reason, description: (record.isBySms ? DESCRIPTIONS_OF_SMS : DESCRIPTIONS)[reason] },
    }),
  };
}

function methodUnderWay({ isBySms, method }: TransactionRecord): AuthenticationMethod {
  return isBySms ? 'sms' : method;
}

/** The phone's signature was verified before the approval counted. */
function signatureOf({ signature, userPublicKey }: SignedData): object {
  return { signature, user_public_key: userPublicKey, signature_verified: true };
}

/** Only the four reasons that the vendor documents; expiry and cancellation have none and are told by `status`. */
function reasonOf({ outcome }: TransactionRecord): Reason | undefined {
  if (outcome?.status === 'denied') return 'not_accepted';
  return outcome?.status === 'failed' ? outcome.reason : undefined;
}
