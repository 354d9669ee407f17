import type { RequestHandler } from 'express';

/** Leads whoever comes by another name, such as `localhost`, to the one that proofs and cookies are made for. */
export function leadToOwnName(publicUrl: string): RequestHandler {
  const { host } = new URL(publicUrl);
  return (request, response, next) => {
    if (request.get('host') === host) next();
    else response.redirect(307, publicUrl + request.originalUrl);
  };
}
