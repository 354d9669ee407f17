import type { RequestHandler } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { userParameter } from '../end-user/parameters.ts';
import { agentOf } from './agent.ts';

/**
 * `POST /admin/v1/users/{userId}/unlock`: the user may be asked again at once. 204, also where nothing stood against it,
 * or the user is unknown; an event tells of each that was really unlocked.
 */
export function unlockUser({ askedUsers }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    await askedUsers.unlock({ userId, ...agentOf(request, response) });
    response.status(204).end();
  };
}
