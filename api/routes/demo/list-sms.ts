import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parse } from '../../parse.ts';
import { callSimulator } from './call-simulator.ts';
import type { DemoContext } from './demo-context.ts';

const MAX_SHOWN = 20;

const schema = z.object({ to: z.string().regex(/^\+\d{6,15}$/) });

interface SentSms {
  readonly id: string;
  readonly receivedAt: string;
  readonly body: string;
}

/** `GET /sms`: what was sent to a number, the newest first: the messages of a phone that has no network. */
export function listSms({ smsUrl }: DemoContext): RequestHandler {
  return async (request, response) => {
    const query = new URLSearchParams(parse(schema, request.query));
    const reply = await callSimulator('GET', `${smsUrl}/simulator/messages?${query}`);
    const messages = (reply as { messages: SentSms[] }).messages.map(({ id, receivedAt, body }) => {
      return { id, receivedAt, body };
    });
    response.json({ messages: messages.reverse().slice(0, MAX_SHOWN) });
  };
}
