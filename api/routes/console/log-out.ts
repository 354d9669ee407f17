import type { RequestHandler } from 'express';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';

/** `DELETE /console/api/session`: ends every session of the operator; 204, also where there is none. */
export function logOut({ operatorConsole }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { sessions, cookie } = operatorConsole;
    const idSha256 = cookie.read(request);
    if (idSha256) await sessions.end(idSha256, callerOf(request));
    cookie.clear(response);
    response.status(204).end();
  };
}
