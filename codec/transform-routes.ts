import type { Payload } from '@temporalio/common';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Keyring } from '../runtime/keyring.ts';
import { createPayloadCodec } from '../runtime/payload-codec.ts';

/** A page of history in the Temporal UI can be large. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const PAYLOADS_AT_ONCE = 5_000;

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));
const requestSchema = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), base64).default({}), data: base64.optional() }))
    .max(PAYLOADS_AT_ONCE),
});

/** The headers of a reply to a page of the Temporal UI (docs.temporal.io, codec server). */
export const CODEC_HEADERS = {
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
  'Access-Control-Allow-Headers': 'X-Namespace, Content-Type, Authorization',
  'Cache-Control': 'no-store',
  Vary: 'Origin',
};

/** `POST /encode` and `POST /decode` as the Temporal UI calls them. Whom they are for is up to the caller. */
export function transformRoutes(keyring: Keyring): Router {
  const codec = createPayloadCodec(keyring);
  const router = Router();
  router.use(express.json({ limit: BODY_LIMIT_BYTES }));
  router.post('/encode', transform(codec.encode));
  router.post('/decode', transform(codec.decode));
  router.use(onError);
  return router;
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
