import type { RequestHandler } from 'express';
import { validate } from 'uuid';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { TransactionRecord } from '../../ports.ts';
import { type SessionStatus, sessionStatusOf } from './session-status.ts';

const STATUS_OF_CHALLENGE = {
  pending: 'pending',
  used: 'accepted',
  used_up: 'failure',
  expired: 'timeout',
  unknown: 'unknown',
} as const satisfies Record<string, SessionStatus>;

/** `GET /v1/sessions/{requestID}`: where a question stands, as often as it is asked for; `unknown` for what is no client's own. */
export function readSession({ records, codeChallenges }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const requestID = (request.params.requestID as string).toLowerCase();
    const clientId = clientOf(response).id;
    const isId = validate(requestID);
    const record = isId ? await records.findForClient(requestID, clientId) : undefined;
    if (record) {
      response.json({ sessionStatus: sessionStatusOf(record.outcome), ...signatureOf(record) });
      return;
    }
    const status = isId ? await codeChallenges.findStatus(requestID, clientId) : undefined;
    response.json({ sessionStatus: STATUS_OF_CHALLENGE[status ?? 'unknown'] });
  };
}

/** Ours, of a signed transaction: what a third party needs to verify it. */
function signatureOf({ outcome }: TransactionRecord): object {
  if (outcome?.status !== 'approved' || !outcome.signed) return {};
  const { signature, userPublicKey } = outcome.signed;
  return { signature, userPublicKey };
}
