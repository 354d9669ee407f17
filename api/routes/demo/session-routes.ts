import type { RequestHandler } from 'express';
import { viewOf } from './ask.ts';
import type { DemoContext } from './demo-context.ts';

/** `GET /session`: who is logged in, and what is being asked, for a page that was loaded anew. */
export function readSession({ sessions }: DemoContext): RequestHandler {
  return (request, response) => {
    const { userId, asked } = sessions.open(request, response);
    const open = [...asked.entries()].filter(([, each]) => each.expiresAtMs > Date.now());
    response.json({ userId, asked: open.map(([transactionId, each]) => viewOf(transactionId, each)) });
  };
}

/** `DELETE /session`: logs out. */
export function endSession({ sessions }: DemoContext): RequestHandler {
  return (request, response) => {
    sessions.end(request, response);
    response.status(204).end();
  };
}
