import type { Payload } from '@temporalio/common';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { z } from 'zod';
import type { Keyring } from '../runtime/keyring.ts';
import { createPayloadCodec } from '../runtime/payload-codec.ts';
import { refuseForeignHosts } from './loopback-only.ts';
import { type LoopbackServer, listenOnLoopback, loopbackUrl } from './loopback-server.ts';

/** A page of history in the Temporal UI can be large. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const PAYLOADS_AT_ONCE = 5_000;

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));
const requestSchema = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), base64).default({}), data: base64.optional() }))
    .max(PAYLOADS_AT_ONCE),
});

/** Where it listens, whose pages it answers, and with which keys. */
export interface CodecServerOptions {
  readonly port: number;
  readonly keyring: Keyring;
  /** Port of the Temporal UI on loopback; its pages, and no others, get an answer. */
  readonly uiPort: number;
}

/** A codec endpoint that listens. */
export interface CodecServer extends LoopbackServer {
  readonly url: string;
}

/**
 * Decrypts payloads for the Temporal UI of the demonstration. It asks for no credentials: it answers on loopback only,
 * and only to pages of that UI. A real installation gives its operators one that knows them.
 */
export async function startCodecServer({ port, keyring, uiPort }: CodecServerOptions): Promise<CodecServer> {
  const codec = createPayloadCodec(keyring);
  const app = express();
  let ownPort = port;
  app.disable('x-powered-by');
  app.use(
    refuseForeignHosts(() => ownPort),
    answerOnly(uiPort),
    express.json({ limit: BODY_LIMIT_BYTES }),
  );
  app.post('/encode', transform(codec.encode));
  app.post('/decode', transform(codec.decode));
  app.use(onError);
  const server = await listenOnLoopback(app, port);
  ownPort = server.port;
  return { ...server, url: loopbackUrl(server.port) };
}

function answerOnly(uiPort: number): RequestHandler {
  return (request, response, next) => {
    const origin = request.get('origin');
    const allowed = [`http://127.0.0.1:${uiPort}`, `http://localhost:${uiPort}`];
    if (origin === undefined || !allowed.includes(origin)) {
      response.status(403).json({ error: 'only the Temporal UI is answered' });
      return;
    }
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': 'POST, OPTIONS',
      'Access-Control-Allow-Headers': 'X-Namespace, Content-Type, Authorization',
      'Cache-Control': 'no-store',
      Vary: 'Origin',
    });
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  };
}

function transform(convert: (payloads: Payload[]) => Promise<Payload[]>): RequestHandler {
  return async (request, response) => {
    const parsed = requestSchema.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ error: 'the body must hold payloads' });
      return;
    }
    try {
      response.json({ payloads: (await convert(parsed.data.payloads as Payload[])).map(toJson) });
    } catch (error) {
      // Another key, or a payload that was tampered with: the UI then shows it as it is.
      response.status(400).json({ error: (error as Error).message });
    }
  };
}

/** A body that is no JSON, or too large. */
const onError: ErrorRequestHandler = (error: { status?: number; message?: string }, _request, response, _next) => {
  response.status(error.status ?? 500).json({ error: error.message });
};

function toJson({ metadata, data }: Payload): object {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    ...(data && { data: Buffer.from(data).toString('base64') }),
  };
}
