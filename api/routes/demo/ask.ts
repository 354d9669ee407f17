import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import { type DemoContext, sendRefusal } from './demo-context.ts';
import { MOBILE, type PortalClient, type PortalReply } from './portal-client.ts';
import type { Asked, DemoSession, Payment } from './sessions.ts';
import { wordsFor } from './words.ts';

/** Methods that the page offers, and the type of each (dev/demo-data.ts). */
const TYPES = {
  push: 'push',
  pin: 'push-pin',
  fingerprint: 'push-fingerprint',
  number: 'push-number',
  otp: 'otp',
  sms: 'sms',
} as const;

const schema = z.strictObject({
  purpose: z.enum(['login', 'payment']),
  method: z.enum(Object.keys(TYPES) as [keyof typeof TYPES, ...(keyof typeof TYPES)[]]),
  userId: identifier.nullish(),
  phoneNumber: z.string().min(1).max(30).optional(),
  payment: z.strictObject({ payee: z.string().min(1).max(60), amountCents: z.int().min(1).max(10_000_000) }).optional(),
});

/** What the page wants the user to be asked. */
export type Question = z.infer<typeof schema>;

/** `POST /ask`: begins a transaction for a log-in, or for a payment of whoever is logged in. */
export function ask(context: DemoContext): RequestHandler {
  return async (request, response) => {
    const question = parse(schema, request.body);
    const session = context.sessions.open(request, response);
    sendAsked(response, await askWith(context, session, question, request));
  };
}

export type AskReply =
  | { readonly ok: true; readonly view: object }
  /** Without a refusal of the API: the user has no phone that can be asked so. */
  | { readonly ok: false; readonly refusal?: PortalReply };

/** Begins the transaction and keeps in the session what it is for; what the browser says later counts for nothing. */
export async function askWith(
  { portal, publicUrl }: DemoContext,
  session: DemoSession,
  question: Question,
  request: Request,
): Promise<AskReply> {
  const { purpose, method } = question;
  const userId = purpose === 'payment' ? session.userId : (question.userId ?? null);
  const payment = purpose === 'payment' ? (question.payment ?? null) : null;
  if (purpose === 'payment' && (userId === null || payment === null)) throw new AppError('request_invalid');
  if (method !== 'otp' && userId === null) throw new AppError('request_invalid', 'userId');

  const isByPush = method !== 'otp' && method !== 'sms';
  const deviceId = isByPush ? await newestDeviceOf(portal, userId as string, TYPES[method]) : undefined;
  if (isByPush && deviceId === undefined) return { ok: false };

  const reply = await portal.post(`${MOBILE}/user`, {
    type: TYPES[method],
    events: 'true',
    user_id: method === 'otp' ? undefined : (userId as string),
    device_id: deviceId,
    phone_number: method === 'sms' ? question.phoneNumber : undefined,
    callback_uri: method === 'sms' ? undefined : `${publicUrl}/demo/api/callback`,
    ...wordsFor({ purpose, method, userId, payment }),
    // Said to the user in the secure message.
    ...(method !== 'sms' && { user_agent: request.get('user-agent'), ip_address: request.ip }),
  });
  if (reply.status !== 200) return { ok: false, refusal: reply };

  const { transaction_id, time_to_live, events_token, number, auth_method, device } = reply.body;
  const asked: Asked = {
    purpose,
    userId,
    method,
    payment,
    phoneNumber: question.phoneNumber ?? null,
    eventsToken: String(events_token),
    number: typeof number === 'string' ? number : null,
    isBySms: auth_method === 'sms',
    expiresAtMs: Date.now() + Number(time_to_live),
  };
  session.asked.set(String(transaction_id), asked);
  return { ok: true, view: viewOf(String(transaction_id), asked, device) };
}

/** Tells the page what became of asking. */
export function sendAsked(response: Response, reply: AskReply): void {
  if (reply.ok) response.json(reply.view);
  else if (reply.refusal) sendRefusal(response, reply.refusal);
  else response.status(404).json({ code: 'no_phone', description: null });
}

/** What the page shows of a question. */
export function viewOf(transactionId: string, asked: Asked, device?: unknown): object {
  const { purpose, userId, method, phoneNumber, payment, eventsToken, number, isBySms, expiresAtMs } = asked;
  const validForMs = Math.max(0, expiresAtMs - Date.now());
  const shown = { purpose, userId, method, phoneNumber, payment: payment as Payment | null, number, isBySms };
  return { transactionId, ...shown, eventsToken, validForMs, device: device ?? null };
}

async function newestDeviceOf(portal: PortalClient, userId: string, type: string): Promise<string | undefined> {
  const { body } = await portal.get(`${MOBILE}/user/${encodeURIComponent(userId)}/enabled`);
  const enabled = (body.enabled ?? []) as { type: string; apps_enrolled_for_push?: { device_id: string }[] }[];
  return enabled.find((each) => each.type === type)?.apps_enrolled_for_push?.at(-1)?.device_id;
}
