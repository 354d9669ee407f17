import type { Request, RequestHandler } from 'express';
import { AppError } from '../../runtime/errors.ts';

/** `1` where an operator did something, `poll` where a page asks by itself, which keeps no session alive. */
const HEADER = 'console-request';
const VALUES: readonly (string | undefined)[] = ['1', 'poll'];

/**
 * Throws `origin_refused` for a request that no page of this origin made: a form of another site can not have the header,
 * a script of another site would have to ask for it (CORS), and nobody here grants that. What browsers tell of the origin
 * must agree.
 */
export function refuseForeign(request: Request, publicUrl: string): void {
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site');
  const isOwn =
    VALUES.includes(request.get(HEADER)) &&
    (origin === undefined || origin === new URL(publicUrl).origin) &&
    (site === undefined || site === 'same-origin');
  if (!isOwn) throw new AppError('origin_refused');
}

/** True where nobody did anything: a page only looks whether something is new. */
export function isPoll(request: Request): boolean {
  return request.get(HEADER) === 'poll';
}

/** The same as a handler. */
export function requireOwnRequest(publicUrl: string): RequestHandler {
  return (request, _response, next) => {
    refuseForeign(request, publicUrl);
    next();
  };
}
