import express, { type RequestHandler } from 'express';

declare global {
  namespace Express {
    interface Request {
      /** The exact bytes of the body, where one came. */
      rawBody?: Buffer;
    }
  }
}

const BODY_LIMIT = '64kb';

/** Reads JSON bodies and keeps their exact bytes, which request proofs are about. */
export function readJson(): RequestHandler {
  return express.json({
    limit: BODY_LIMIT,
    verify: (request, _response, bytes) => {
      (request as express.Request).rawBody = bytes;
    },
  });
}

/** Reads form bodies (RFC 6749 style); a repeated parameter arrives as an array and is refused by whoever wants text. */
export function readForm(): RequestHandler {
  return express.urlencoded({ extended: false, limit: BODY_LIMIT });
}
