import type { Request, RequestHandler } from 'express';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { deliveryStageOf } from '../../../workflows/domain/sms-delivery.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';

/** Added to the address that Twilio is given with each message (worker/wiring.ts). */
export const twilioQuery = z.object({
  transaction_id: z.uuid(),
  step: z.coerce.number().int().min(0).max(10_000),
});

/** What Twilio reports. */
export const twilioForm = z.object({
  MessageSid: z.string().min(1).max(64),
  MessageStatus: z.string().max(32),
  ErrorCode: z.string().max(16).optional(),
});

/** Checked with where no account is known: the reply then takes the same time. */
const NOBODY = 'no account has this token';

/**
 * `POST /sms/v1/twilio/status`: what became of a message, signed by Twilio (twilio.com/docs/usage/security) over the public
 * address and all parameters. 204 for every report that is signed, also for one that tells nothing new.
 */
export function recordTwilioStatus({ twilioAccounts, smsDeliveries, settings }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const accountSid: unknown = (request.body as { AccountSid?: unknown } | undefined)?.AccountSid;
    const account = (await twilioAccounts.list()).find((one) => one.accountSid === accountSid);
    const isSigned = isSignedBy(account?.authToken ?? NOBODY, request, settings.publicUrl);
    if (!account || !isSigned) throw new AppError('signature_invalid');
    const { transaction_id: transactionId, step } = parse(twilioQuery, request.query);
    const { MessageSid: providerMessageId, MessageStatus: status, ErrorCode: code } = parse(twilioForm, request.body);
    const stage = deliveryStageOf(status);
    if (stage) await smsDeliveries.record({ transactionId, step, providerMessageId, stage, code: code ?? null });
    response.status(204).end();
  };
}

function isSignedBy(authToken: string, request: Request, publicUrl: string): boolean {
  const signature = request.get('x-twilio-signature') ?? '';
  return validateRequest(authToken, signature, `${publicUrl}${request.originalUrl}`, request.body ?? {});
}
