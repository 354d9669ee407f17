import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import { z } from 'zod';
import { refuseForeignHosts } from './loopback-only.ts';
import { listenOnLoopback, loopbackUrl } from './loopback-server.ts';
import { createBehaviours, lasting, recipient } from './simulated/behaviours.ts';
import { createControlRoutes } from './simulated/control-routes.ts';
import { leaveUnanswered } from './simulated/leave-unanswered.ts';
import { pageOf } from './simulated/page.ts';
import { problemsOf } from './simulated/problems-of.ts';
import { shownSms } from './simulated/shown-sms.ts';
import { createSmsOutbox, type SentSms } from './simulated/sms-outbox.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** A message as an operator's own gateway takes it. */
export interface RestSms extends SentSms {
  readonly verificationCode: string;
  /** Names the step, for gateways that look at it. */
  readonly idempotencyKey: string | null;
}

const bodySchema = z.strictObject({
  phone_number: z.string().regex(/^\+[1-9]\d{6,14}$/),
  message: z.string().min(1).max(1_600),
  verification_code: z.string().regex(/^\d{6}$/),
  sender_id: z.string().min(1).optional(),
});

/** Body of `PUT /simulator/behaviour`. */
const behaviourSchema = z.strictObject({
  /** Only for this number; without it, for all that have no behaviour of their own. */
  to: recipient,
  ...lasting,
  /** HTTP status. `hang`: never an answer. `drop`: the connection is cut. */
  reply: z.union([z.int().min(200).max(599), z.enum(['hang', 'drop'])]).default(204),
});

/** A simulated gateway that listens. */
export interface SmsGatewaySimulator {
  /** Address of the gateway itself: the `url` of a gateway of the kind `rest`. */
  readonly url: string;
  /** Address of its page and its remote control, without a slash at its end. */
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  /** Cuts what is still open; resolves when the port is free again. */
  stop(): Promise<void>;
}

/**
 * An operator's own SMS gateway on loopback: `POST /sms` with JSON and Basic authentication, 204 for what it took. `/` shows
 * what was sent; `/simulator` lists it and makes the gateway fail on demand.
 */
export async function startSmsGatewaySimulator(): Promise<SmsGatewaySimulator> {
  const [username, password] = ['countersign', randomBytes(16).toString('hex')];
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const outbox = createSmsOutbox<RestSms>();
  const behaviours = createBehaviours<z.infer<typeof behaviourSchema>>(({ to }) => to);
  const app = express();
  const server = await listenOnLoopback(app, 0);
  app.disable('x-powered-by');
  app.use(
    refuseForeignHosts(() => server.port),
    express.json({ limit: BODY_LIMIT_BYTES }),
  );
  app.post('/sms', async (request, response) => {
    if (request.get('authorization') !== expected) {
      response.status(401).set('www-authenticate', 'Basic realm="sms"').json({ error: 'unauthorized' });
      return;
    }
    const parsed = bodySchema.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ problems: problemsOf(parsed.error) });
      return;
    }
    const { phone_number, message, verification_code, sender_id } = parsed.data;
    const behaviour = behaviours.take(phone_number);
    const reply = behaviour?.reply ?? 204;
    if (reply === 204) {
      outbox.add({
        id: randomBytes(8).toString('hex'),
        to: phone_number,
        from: sender_id ?? null,
        body: message,
        verificationCode: verification_code,
        idempotencyKey: request.get('idempotency-key') ?? null,
      });
    }
    if (behaviour?.delayMs) await pause(behaviour.delayMs);
    if (reply === 'hang' || reply === 'drop') leaveUnanswered(request, response, reply);
    else if (reply === 204) response.status(204).end();
    else response.status(reply).json({ error: 'not sent' });
  });
  app.get('/', (_request, response) => {
    response.type('html').send(pageOf(shownSms('Simulated SMS gateway'), outbox));
  });
  app.use(
    '/simulator',
    createControlRoutes({ behaviourSchema, behaviours, log: outbox, listName: 'messages', recipientName: 'to' }),
  );
  const origin = loopbackUrl(server.port);
  return { url: `${origin}/sms`, origin, username, password, stop: () => server.close() };
}
