import type { RequestHandler } from 'express';
import { AppError } from '../runtime/errors.ts';
import type { ApiMetrics } from './metrics.ts';

/** Serves at most `max` requests at once; one more is told so at once instead of waiting unseen. Streams are not measured. */
export function limitInFlight(max: number, metrics?: Pick<ApiMetrics, 'inFlight' | 'overloaded'>): RequestHandler {
  let inFlight = 0;
  return (_request, response, next) => {
    if (inFlight >= max) {
      metrics?.overloaded();
      throw new AppError('overloaded', undefined, { retryAfterSeconds: 1 });
    }
    inFlight += 1;
    metrics?.inFlight.inc();
    response.once('close', () => {
      inFlight -= 1;
      metrics?.inFlight.dec();
    });
    next();
  };
}
