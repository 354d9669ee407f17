import express, { type RequestHandler } from 'express';
import { AppError } from '../runtime/errors.ts';

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
export function readJson(mediaTypes: readonly string[] = ['application/json']): RequestHandler[] {
  const parse = express.json({
    limit: BODY_LIMIT,
    type: [...mediaTypes],
    verify: (request, _response, bytes) => {
      (request as express.Request).rawBody = bytes;
    },
  });
  return [refuseOtherBodies(mediaTypes), parse];
}

/** Reads form bodies (RFC 6749 style); a repeated parameter arrives as an array and is refused by whoever wants text. */
export function readForm(): RequestHandler[] {
  const parse = express.urlencoded({ extended: false, limit: BODY_LIMIT });
  return [refuseOtherBodies(['application/x-www-form-urlencoded']), parse];
}

/** A body that the parser would pass over in silence is refused instead. */
function refuseOtherBodies(mediaTypes: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    // `is` says null where there is no body, false where it is of another type.
    const isEmpty = request.get('content-length') === '0';
    if (!isEmpty && request.is([...mediaTypes]) === false) throw new AppError('media_type_unsupported');
    next();
  };
}
