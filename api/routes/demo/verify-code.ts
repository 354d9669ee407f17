import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { parse } from '../../parse.ts';
import { askedIn, type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE } from './portal-client.ts';

const schema = z.strictObject({ code: z.string().regex(/^\d{4,10}$/) });

/** `POST /asked/{id}/code`: the code that came by SMS. */
export function verifyCode(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const { transactionId, asked } = askedIn(context, request, response);
    const { code } = parse(schema, request.body);
    if (asked.userId === null) throw new AppError('request_invalid');
    const path = `${MOBILE}/user/${encodeURIComponent(asked.userId)}/sms`;
    const reply = await context.portal.post(path, { transaction_id: transactionId, sms_code: code });
    if (reply.status === 200) response.status(204).end();
    else sendRefusal(response, reply);
  };
}
