import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';

/**
 * Serves this origin's own pages alone: a page of somewhere else could otherwise make phones for itself, also by a name
 * that it lets point here.
 */
export function requireOwnOrigin(publicUrl: string): RequestHandler {
  const { origin, host } = new URL(publicUrl);
  return (request, _response, next) => {
    const given = request.get('origin');
    if (request.get('host') !== host || (given !== undefined && given !== origin)) throw new AppError('route_unknown');
    next();
  };
}
