import type { Request, Response } from 'express';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import type { Caller } from '../../ports.ts';

/** Names the person for whom a client acts, such as who is logged in to its console; the client is trusted with it. */
const AGENT_USER_HEADER = 'agent-user';

/** Who acts on a user's behalf, as the event tells it. */
export interface Agent {
  /** Null where an operator of our own console acts. */
  readonly clientId: string | null;
  readonly agentUser: string;
  readonly caller: Caller;
}

/** The operator who is logged in; else the person that the client names, or the client itself. */
export function agentOf(request: Request, response: Response): Agent {
  const caller = callerOf(request);
  const { operator } = response.locals;
  if (operator) return { clientId: null, agentUser: operator.name, caller };
  const { id: clientId } = clientOf(response);
  return { clientId, agentUser: parse(identifier, request.get(AGENT_USER_HEADER) ?? clientId), caller };
}
