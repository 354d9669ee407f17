import type { Request, Response } from 'express';
import { clientOf } from '../../client-authentication.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';

/** Names the person for whom a client acts, such as who is logged in to its console; the client is trusted with it. */
const AGENT_USER_HEADER = 'agent-user';

/** Who acts: the person that the client names, or the client itself. */
export function agentUserOf(request: Request, response: Response): string {
  return parse(identifier, request.get(AGENT_USER_HEADER) ?? clientOf(response).id);
}
