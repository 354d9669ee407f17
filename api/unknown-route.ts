import type { RequestHandler, Router } from 'express';
import { AppError } from '../runtime/errors.ts';

/** Nothing is served at this address. */
export const unknownRoute: RequestHandler = () => {
  throw new AppError('route_unknown');
};

/** Answers 405 with `Allow` where a router serves the path, but not with this method. */
export function refuseOtherMethods(router: Router, path: string, ...allowed: readonly string[]): void {
  router.all(path, (_request, response) => {
    response.set('allow', allowed.join(', '));
    throw new AppError('method_not_allowed');
  });
}
