import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { noteInLog } from '../runtime/log-context.ts';

export const CORRELATION_HEADER = 'log-correlation-id';

/** Names each reply, so that a portal's report finds the line in our log. */
export const correlationId: RequestHandler = (_request, response, next) => {
  const id = randomUUID();
  response.set(CORRELATION_HEADER, id);
  noteInLog({ correlationId: id });
  next();
};
