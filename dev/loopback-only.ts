import type { RequestHandler } from 'express';

/**
 * Refuses requests that were made for another host name: a web page whose name is pointed at this machine could
 * otherwise talk to what listens here.
 */
export function refuseForeignHosts(port: () => number): RequestHandler {
  return (request, response, next) => {
    const host = request.get('host');
    if (host === `127.0.0.1:${port()}` || host === `localhost:${port()}`) return next();
    response.status(421).json({ error: 'this address serves its own machine only' });
  };
}
