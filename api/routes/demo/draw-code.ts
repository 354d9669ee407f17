import type { RequestHandler } from 'express';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

/** `GET /asked/{id}/code.svg`: the code for a phone to read. */
export function drawCode(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId } = askedIn(context, request, response);
    const reply = await context.portal.get(`${MOBILE}/transaction/${transactionId}/otp.svg`);
    if (reply.status !== 200) return sendRefusal(response, reply);
    response.type('image/svg+xml').send(reply.text);
  };
}
