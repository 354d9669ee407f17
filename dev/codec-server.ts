import express, { type RequestHandler } from 'express';
import { CODEC_HEADERS, transformRoutes } from '../codec/transform-routes.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { refuseForeignHosts } from './loopback-only.ts';
import { type LoopbackServer, listenOnLoopback, loopbackUrl } from './loopback-server.ts';

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
 * and only to pages of that UI. A real installation runs codec/main.ts, which knows its operators.
 */
export async function startCodecServer({ port, keyring, uiPort }: CodecServerOptions): Promise<CodecServer> {
  const app = express();
  let ownPort = port;
  app.disable('x-powered-by');
  app.use(
    refuseForeignHosts(() => ownPort),
    answerOnly(uiPort),
    transformRoutes(keyring),
  );
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
    response.set({ ...CODEC_HEADERS, 'Access-Control-Allow-Origin': origin });
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  };
}
