import type { RequestHandler } from 'express';

/** Nothing of this surface may stay in any cache. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set({ 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache' });
  next();
};
