import type { RequestHandler } from 'express';
import { viewOf } from './ask.ts';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

/** `GET /session`: who is logged in, and what is being asked, for a page that was loaded anew. */
export function readSession({ sessions }: DemoContext): RequestHandler {
  return (request, response) => {
    const { userId, asked } = sessions.open(request, response);
    const open = [...asked.entries()].filter(([, each]) => each.expiresAtMs > Date.now());
    response.json({ userId, asked: open.map(([transactionId, each]) => viewOf(transactionId, each)) });
  };
}

/** `DELETE /session`: logs out. */
export function endSession({ sessions }: DemoContext): RequestHandler {
  return (request, response) => {
    sessions.end(request, response);
    response.status(204).end();
  };
}

/** `GET /asked/{id}/code.svg`: the code for a phone to read. */
export function drawCode(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId } = askedIn(context, request, response);
    const reply = await context.portal.get(`${MOBILE}/transaction/${transactionId}/otp.svg`);
    if (reply.status !== 200) return sendRefusal(response, reply);
    response.type('image/svg+xml').send(reply.text);
  };
}

/** `GET /asked/{id}/receipt`: the signed receipt, as the API gives it. */
export function readReceipt(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId } = askedIn(context, request, response);
    const reply = await context.portal.get(`${MOBILE}/transaction/${transactionId}/receipt`);
    if (reply.status !== 200) return sendRefusal(response, reply);
    response.json(reply.body);
  };
}
