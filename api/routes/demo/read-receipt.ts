import type { RequestHandler } from 'express';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

/** `GET /asked/{id}/receipt`: the signed receipt, as the API gives it. */
export function readReceipt(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId } = askedIn(context, request, response);
    const reply = await context.portal.get(`${MOBILE}/transaction/${transactionId}/receipt`);
    if (reply.status !== 200) return sendRefusal(response, reply);
    response.json(reply.body);
  };
}
