import type { Request, Response } from 'express';

/** Longer than any sender waits. */
const HANG_LIMIT_MS = 120_000;

/** Gives no answer. `hang`: the sender is left waiting. `drop`: the connection is cut. */
export function leaveUnanswered(request: Pick<Request, 'socket'>, response: Response, how: 'hang' | 'drop'): void {
  if (how === 'drop') {
    request.socket.destroy();
    return;
  }
  const timer = setTimeout(() => request.socket.destroy(), HANG_LIMIT_MS);
  response.once('close', () => clearTimeout(timer));
}
