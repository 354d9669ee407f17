import type { RequestHandler } from 'express';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

/** `POST /asked/{id}/cancel`: the visitor has thought better of it. */
export function cancel(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId } = askedIn(context, request, response);
    const reply = await context.portal.delete(`${MOBILE}/transaction/${transactionId}`);
    if (reply.status === 204) response.status(204).end();
    else sendRefusal(response, reply);
  };
}
