import type { RequestHandler } from 'express';
import { AppError } from '../runtime/errors.ts';

/** Serves at most `max` requests at once; one more is told so at once instead of waiting unseen. */
export function limitInFlight(max: number): RequestHandler {
  let inFlight = 0;
  return (_request, response, next) => {
    if (inFlight >= max) throw new AppError('overloaded', undefined, { retryAfterSeconds: 1 });
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
    });
    next();
  };
}
