import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { parse } from '../../parse.ts';
import { askWith, sendAsked } from './ask.ts';
import { askedIn, type DemoContext } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

const schema = z.strictObject({ phoneNumber: z.string().min(1).max(30) });

/** `POST /asked/{id}/sms`: the same question by SMS in place of the push, which is cancelled. */
export function askBySms(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId, asked, session } = askedIn(context, request, response);
    const { phoneNumber } = parse(schema, request.body);
    if (asked.userId === null) throw new AppError('request_invalid');
    const { purpose, userId, payment } = asked;
    const question = { purpose, method: 'sms', userId, phoneNumber, ...(payment && { payment }) } as const;
    const reply = await askWith(context, session, question, request);
    // Only now: where no SMS can be sent the push is still there to be answered.
    if (reply.ok) await context.portal.delete(`${MOBILE}/transaction/${transactionId}`);
    sendAsked(response, reply);
  };
}
