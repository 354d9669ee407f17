import type { RequestHandler } from 'express';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';
import type { Asked, DemoSession } from './sessions.ts';

/**
 * `GET /asked/{id}`: how it stands, by the API's word alone. An approval logs the visitor in, or carries the payment out,
 * the first time that it is seen.
 */
export function readAsked(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId, asked, session } = askedIn(context, request, response);
    const reply = await context.portal.get(`${MOBILE}/transaction/${transactionId}`);
    if (reply.status !== 200) return sendRefusal(response, reply);
    const { is_authenticated, status, user_id, authentication_method, not_authenticated_reason } = reply.body;
    const isAccepted = is_authenticated === true && accept(session, transactionId, asked, user_id);
    response.json({
      status: is_authenticated === true && !isAccepted ? 'denied' : status,
      method: authentication_method,
      userId: user_id ?? null,
      reason: (not_authenticated_reason as { reason?: unknown } | undefined)?.reason ?? null,
      validForMs: Math.max(0, asked.expiresAtMs - Date.now()),
    });
  };
}

/** False where somebody else than the one who pays has read the code. */
function accept(session: DemoSession, transactionId: string, asked: Asked, userId: unknown): boolean {
  if (typeof userId !== 'string') return false;
  if (asked.purpose === 'login') {
    session.userId = userId;
    return true;
  }
  if (userId !== session.userId) return false;
  session.paid.add(transactionId);
  return true;
}
