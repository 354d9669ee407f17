import express, { type Express, type RequestHandler } from 'express';
import { bearsToken } from '../runtime/bears-token.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { CODEC_HEADERS, transformRoutes } from './transform-routes.ts';

export interface CodecOptions {
  readonly keyring: Keyring;
  /** Who has it may read and write payloads: as a bearer token, or as the password of HTTP Basic under any name. */
  readonly token: string;
  /** Where the pages of the Temporal UI come from, such as `https://temporal.example.com`. */
  readonly origins: readonly string[];
}

/**
 * A codec endpoint for the Temporal UI of a real installation. A browser that is to send the credential by itself gets it
 * by a visit to `/`, which asks for it; the UI must then be told to include cross-origin credentials.
 */
export function buildCodecServer({ keyring, token, origins }: CodecOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.use(answerOnly(origins));
  app.use(refuseWithout(token));
  app.get('/', (_request, response) => {
    response.type('text/plain').set('Cache-Control', 'no-store').send('Signed in. Go back to the Temporal UI.\n');
  });
  app.use(transformRoutes(keyring));
  app.use((_request, response) => {
    response.status(404).json({ error: 'no such path' });
  });
  return app;
}

/** Pages of other origins get nothing, whatever credential their browser would send; callers that are no pages name none. */
function answerOnly(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const origin = request.get('origin');
    if (origin !== undefined) {
      if (!origins.includes(origin)) {
        response.status(403).json({ error: 'this origin is not answered' });
        return;
      }
      response.set({
        ...CODEC_HEADERS,
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
      });
    }
    // A preflight carries no credential.
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  };
}

function refuseWithout(token: string): RequestHandler {
  return (request, response, next) => {
    const authorization = request.get('authorization');
    if (bearsToken(authorization, token) || bearsToken(asBearer(authorization), token)) return next();
    response.status(401).set('WWW-Authenticate', 'Basic realm="codec", charset="UTF-8"');
    response.json({ error: 'the credential is missing or wrong' });
  };
}

/** The password of HTTP Basic (RFC 7617) in the place of a bearer token. */
function asBearer(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const credentials = Buffer.from(encoded, 'base64').toString();
  const colon = credentials.indexOf(':');
  return colon < 0 ? undefined : `Bearer ${credentials.slice(colon + 1)}`;
}
