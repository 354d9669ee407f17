import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import { DEMO_APPLICATION, type DemoContext } from './demo-context.ts';

const TIMEOUT_MS = 5_000;

const schema = z.strictObject({ userId: identifier });

/** `POST /phones`: a ticket and a push token of the simulated provider: what a virtual phone needs to enrol. */
export function equipPhone({ portal, fcmUrl }: DemoContext): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(schema, request.body);
    const [ticket, registration] = await Promise.all([
      portal.postJson('/admin/v1/enrolment-tickets', { userId, applicationId: DEMO_APPLICATION }),
      fetchJson(`${fcmUrl}/simulator/registrations`, 'POST'),
    ]);
    if (ticket.status !== 201) throw new AppError('unavailable');
    response.status(201).json({ ticket: ticket.body, pushToken: (registration as { token: string }).token });
  };
}

/** `GET /sms`: what was sent to a number, the newest first: the messages of a phone that has no network. */
export function listSms({ smsUrl }: DemoContext): RequestHandler {
  return async (request, response) => {
    const { to } = parse(z.object({ to: z.string().regex(/^\+\d{6,15}$/) }), request.query);
    const { messages } = (await fetchJson(`${smsUrl}/simulator/messages?${new URLSearchParams({ to })}`, 'GET')) as {
      messages: { id: string; receivedAt: string; body: string }[];
    };
    const shown = messages.map(({ id, receivedAt, body }) => ({ id, receivedAt, body }));
    response.json({ messages: shown.reverse().slice(0, MAX_SHOWN) });
  };
}

const MAX_SHOWN = 20;

async function fetchJson(url: string, method: string): Promise<unknown> {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new AppError('unavailable', undefined, { cause });
  }
}
