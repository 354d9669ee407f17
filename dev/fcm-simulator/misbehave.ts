import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Behaviour } from './behaviours.ts';
import { refuse } from './refusals.ts';

/** Longer than any sender waits. */
const HANG_LIMIT_MS = 120_000;

/** Answers as it was told to, in place of in earnest; false where that is no refusal. */
export async function misbehave(
  request: Request<never>,
  response: Response,
  { reply, delayMs, retryAfterSeconds }: Behaviour,
  api: 'http_v1' | 'legacy',
): Promise<boolean> {
  if (reply === 'accept') return false;
  if (delayMs > 0) await pause(delayMs);
  if (reply === 'hang') {
    const timer = setTimeout(() => request.socket.destroy(), HANG_LIMIT_MS);
    response.once('close', () => clearTimeout(timer));
  } else if (reply === 'drop') {
    request.socket.destroy();
  } else {
    refuse(response, reply, api, retryAfterSeconds);
  }
  return true;
}
