import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

export const CORRELATION_HEADER = 'log-correlation-id';

/** Names each reply, so that a portal's report finds the line in our log. */
export const correlationId: RequestHandler = (_request, response, next) => {
  response.set(CORRELATION_HEADER, randomUUID());
  next();
};
