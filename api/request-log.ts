import type { RequestHandler } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { withLogContext } from '../runtime/log-context.ts';
import type { Logger } from '../runtime/logger.ts';

/** What comes from outside is taken over where it can do no harm in a log. */
const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * Gives each request an id: the caller's `X-Request-Id` where it is well formed, else one of ours. The reply has it, and
 * so has every line that is logged on the way.
 */
export const identifyRequest: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const requestId = given !== undefined && WELL_FORMED.test(given) ? given : uuidv7();
  response.set('x-request-id', requestId);
  withLogContext({ requestId }, () => next());
};

/** One line for each request, when it is over: route (as a pattern), status, client and time. */
export function logRequests(logger: Pick<Logger, 'info'>): RequestHandler {
  return (request, response, next) => {
    const startedAtMs = performance.now();
    response.once('close', () => {
      const route: unknown = request.route?.path;
      const line = {
        method: request.method,
        route: typeof route === 'string' ? route : 'none',
        status: response.writableFinished ? response.statusCode : 'broken_off',
        durationMs: Math.round(performance.now() - startedAtMs),
        ...(response.locals.client && { clientId: response.locals.client.id }),
      };
      logger.info(line, 'request');
    });
    next();
  };
}
