import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { leaveUnanswered } from '../simulated/leave-unanswered.ts';
import type { Behaviour } from './behaviours.ts';
import { refuse } from './refusals.ts';

/** Answers as it was told to, in place of in earnest; false where that is no refusal. */
export async function misbehave(
  request: Request<never>,
  response: Response,
  { reply, delayMs, retryAfterSeconds }: Behaviour,
  api: 'http_v1' | 'legacy',
): Promise<boolean> {
  if (reply === 'accept') return false;
  if (delayMs > 0) await pause(delayMs);
  if (reply === 'hang' || reply === 'drop') leaveUnanswered(request, response, reply);
  else refuse(response, reply, api, retryAfterSeconds);
  return true;
}
