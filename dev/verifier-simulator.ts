import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { z } from 'zod';
import { refuseForeignHosts } from './loopback-only.ts';
import { type LoopbackServer, listenOnLoopback, loopbackUrl } from './loopback-server.ts';

/** The word that opens; every other payload gets a no. */
export const DEMO_WORD = 'open sesame';

const BODY_LIMIT_BYTES = 16 * 1024;

const requestSchema = z.object({
  transactionId: z.uuid(),
  userId: z.string().min(1),
  applicationId: z.string().min(1),
  deviceId: z.string().min(1),
  payload: z.string().optional(),
});

/** Where it listens, and what its callers must know. */
export interface VerifierOptions {
  /** Port on loopback; 0 takes any free one. */
  readonly port: number;
  readonly secret: string;
}

/** A verifier that listens. */
export interface VerifierSimulator extends LoopbackServer {
  /** What an application's settings of its custom authenticator name. */
  readonly settings: { readonly url: string; readonly secret: string };
}

/** The verifier of the demo app's custom authenticator, on loopback: says yes to one word. Throws when the port is taken. */
export async function startVerifierSimulator({ port, secret }: VerifierOptions): Promise<VerifierSimulator> {
  const app = express();
  let ownPort = port;
  app.disable('x-powered-by');
  app.use(
    refuseForeignHosts(() => ownPort),
    requireSecret(secret),
    express.json({ limit: BODY_LIMIT_BYTES }),
  );
  app.post('/verify', verify);
  app.use(onError);
  const server = await listenOnLoopback(app, port);
  ownPort = server.port;
  return { ...server, settings: { url: `${loopbackUrl(server.port)}/verify`, secret } };
}

function requireSecret(secret: string): RequestHandler {
  const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = sha256(`Bearer ${secret}`);
  return (request, response, next) => {
    if (timingSafeEqual(sha256(request.get('authorization') ?? ''), expected)) next();
    else response.status(401).json({ error: 'the secret is another one' });
  };
}

const verify: RequestHandler = (request, response) => {
  const asked = requestSchema.safeParse(request.body);
  if (!asked.success) {
    response.status(400).json({ error: 'the request is not what a verifier is asked' });
    return;
  }
  const isAccepted = asked.data.payload === DEMO_WORD;
  response.json(
    isAccepted
      ? { accepted: true, status: 2000, data: 'Come in.' }
      : { accepted: false, status: 4001, data: 'That is not the word.' },
  );
};

/** A body that is no JSON, or too large. */
const onError: ErrorRequestHandler = (error: { status?: number; message?: string }, _request, response, _next) => {
  response.status(error.status ?? 500).json({ error: error.message });
};
