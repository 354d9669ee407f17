import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { viewOf } from './session-view.ts';

/** Body of a log-in with the configured account. */
export const logInBody = z.strictObject({
  name: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});

/** `POST /console/api/login`: begins a session of the configured account; 200 with the session. */
export function logIn({ operatorConsole }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { local, sessions, cookie } = operatorConsole;
    if (!local) throw new AppError('route_unknown');
    const { name, password } = parse(logInBody, request.body);
    const operator = await local.logIn({ name, password, address: request.ip ?? '' });
    const session = await sessions.open(cookie.set(response), operator, callerOf(request));
    response.json(viewOf(session, operatorConsole));
  };
}
