import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler } from 'express';

/** The time between being told to end and taking nothing new any more. */
export interface Draining {
  isDraining(): boolean;
  /** From now on the process is not ready; resolves when load balancers have had their time to notice. */
  begin(): Promise<void>;
}

/** `forMs`: how long what comes is still served after the process was told to end. */
export function createDraining(forMs: number): Draining {
  let hasBegun = false;
  return {
    isDraining: () => hasBegun,
    async begin() {
      hasBegun = true;
      if (forMs > 0) await pause(forMs);
    },
  };
}

/** While the process ends, each reply is the last one of its connection: the next request opens one elsewhere. */
export function closeConnectionsWhile(isDraining: () => boolean): RequestHandler {
  return (_request, response, next) => {
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => typeof response;
    // Asked when the reply begins: the process may have been told to end after the request came.
    response.writeHead = (...args: unknown[]) => {
      if (isDraining() && !response.headersSent) response.setHeader('connection', 'close');
      return writeHead(...args);
    };
    next();
  };
}
