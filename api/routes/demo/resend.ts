import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

/** `POST /asked/{id}/resend`: the push, or the SMS, once more. */
export function resend(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId, asked } = askedIn(context, request, response);
    if (asked.userId === null) throw new AppError('request_invalid');
    const path = `${MOBILE}/user/${encodeURIComponent(asked.userId)}/${asked.isBySms ? 'sms' : 'push'}/resend`;
    const reply = await context.portal.post(path, { transaction_id: transactionId });
    if (reply.status === 204) response.status(204).end();
    else sendRefusal(response, reply);
  };
}
