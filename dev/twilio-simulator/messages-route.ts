import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Behaviours } from '../simulated/behaviours.ts';
import { leaveUnanswered } from '../simulated/leave-unanswered.ts';
import type { SmsOutbox } from '../simulated/sms-outbox.ts';
import type { Behaviour } from './behaviours.ts';
import { type MessageStatus, resourceOf, type TwilioSms } from './message-resource.ts';
import { type CheckedMessage, checkMessage } from './message-rules.ts';
import type { StatusCallbacks } from './status-callbacks.ts';
import { mayUse, type TwilioAccount } from './twilio-account.ts';
import { sendTwilioError, type TwilioErrorCode } from './twilio-error.ts';

export interface MessagesDependencies {
  readonly account: TwilioAccount;
  readonly outbox: SmsOutbox<TwilioSms>;
  readonly behaviours: Behaviours<Behaviour>;
  readonly callbacks: StatusCallbacks;
}

/** `POST /2010-04-01/Accounts/{sid}/Messages.json`: takes a message, and reports on it afterwards. */
export function createMessagesRoute(dependencies: MessagesDependencies): RequestHandler<{ accountSid: string }> {
  const { account, outbox, behaviours, callbacks } = dependencies;
  return async (request, response) => {
    if (!mayUse(account, request.get('authorization')) || request.params.accountSid !== account.accountSid) {
      return sendTwilioError(response, 20003);
    }
    const message = checkMessage((request.body ?? {}) as Record<string, unknown>, account);
    if (typeof message === 'number') return sendTwilioError(response, message);
    const behaviour = behaviours.take(message.to);
    if (behaviour && behaviour.reply !== 'accept') return misbehave(request, response, behaviour);
    const sms = outbox.add(smsOf(message, account));
    if (behaviour?.delayMs) await pause(behaviour.delayMs);
    response.status(201).json(resourceOf(sms, account.accountSid));
    const delivery = behaviour?.delivery ?? 'delivered';
    if (delivery !== 'nothing') {
      callbacks.report(sms, stagesTo(delivery), delivery === 'delivered' ? null : (behaviour?.errorCode ?? null));
    }
  };
}

/** `GET /2010-04-01/Accounts/{sid}/Messages/{sid}.json`. */
export function createMessageRoute({
  account,
  outbox,
}: MessagesDependencies): RequestHandler<{ accountSid: string; messageSid: string }> {
  return (request, response) => {
    const { accountSid, messageSid } = request.params;
    if (!mayUse(account, request.get('authorization')) || accountSid !== account.accountSid) {
      return sendTwilioError(response, 20003);
    }
    const sms = outbox.list({ after: 0 }).find(({ id }) => id === messageSid);
    if (!sms) return sendTwilioError(response, 20404);
    response.json(resourceOf(sms, accountSid));
  };
}

function smsOf(message: CheckedMessage, account: TwilioAccount): TwilioSms {
  const isOfService = message.messagingServiceSid !== null;
  return {
    ...message,
    id: `SM${randomBytes(16).toString('hex')}`,
    from: message.from ?? account.numbers[0] ?? null,
    status: isOfService ? 'accepted' : 'queued',
    errorCode: null,
  };
}

function stagesTo(last: 'delivered' | 'undelivered' | 'failed'): readonly MessageStatus[] {
  return last === 'failed' ? ['failed'] : ['sent', last];
}

async function misbehave(
  request: Request<{ accountSid: string }>,
  response: Response,
  { reply, delayMs }: Behaviour,
): Promise<void> {
  if (delayMs > 0) await pause(delayMs);
  if (reply === 'hang' || reply === 'drop') leaveUnanswered(request, response, reply);
  else sendTwilioError(response, Number(reply) as TwilioErrorCode);
}
