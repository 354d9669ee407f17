import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { parse } from '../../parse.ts';
import { askBy } from './ask.ts';
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

/** `POST /asked/{id}/cancel`: the visitor has thought better of it. */
export function cancel(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId } = askedIn(context, request, response);
    const reply = await context.portal.delete(`${MOBILE}/transaction/${transactionId}`);
    if (reply.status === 204) response.status(204).end();
    else sendRefusal(response, reply);
  };
}

const codeSchema = z.strictObject({ code: z.string().regex(/^\d{4,10}$/) });

/** `POST /asked/{id}/code`: the code that came by SMS. */
export function verifyCode(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId, asked } = askedIn(context, request, response);
    const { code } = parse(codeSchema, request.body);
    if (asked.userId === null) throw new AppError('request_invalid');
    const path = `${MOBILE}/user/${encodeURIComponent(asked.userId)}/sms`;
    const reply = await context.portal.post(path, { transaction_id: transactionId, sms_code: code });
    if (reply.status === 200) response.status(204).end();
    else sendRefusal(response, reply);
  };
}

const numberSchema = z.strictObject({ phoneNumber: z.string().min(1).max(30) });

/** `POST /asked/{id}/sms`: the same question by SMS in place of the push, which is cancelled. */
export function askBySms(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId, asked, session } = askedIn(context, request, response);
    const { phoneNumber } = parse(numberSchema, request.body);
    if (asked.userId === null) throw new AppError('request_invalid');
    const { purpose, userId, payment } = asked;
    const question = { purpose, method: 'sms', userId, phoneNumber, ...(payment && { payment }) } as const;
    const reply = await askBy(context, session, question, request);
    if (!reply.ok) return reply.refusal ? sendRefusal(response, reply.refusal) : undefined;
    // Only now: where no SMS can be sent the push is still there to be answered.
    await context.portal.delete(`${MOBILE}/transaction/${transactionId}`);
    response.json(reply.view);
  };
}
