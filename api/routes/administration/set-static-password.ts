import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { staticPassword } from '../../static-password.ts';
import { findUser } from '../onespan/find-user.ts';

/** Body of a static password. */
export const staticPasswordBody = z.object({ staticPassword });

/** `PUT /admin/v1/users/{user[@domain]}/static-password`: sets the password, and unlocks. 204. */
export function setStaticPassword({ oneSpanDomains, oneSpanUsers, passwords }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const body = parse(staticPasswordBody, request.body);
    const user = await findUser(oneSpanDomains, undefined, request.params.user as string);
    if (!user) throw new AppError('request_invalid', 'user');
    const { userId, domain } = user;
    const passwordHash = await passwords.hash(userId, body.staticPassword);
    await oneSpanUsers.setPassword({ userId, domainName: domain.name, passwordHash });
    response.status(204).end();
  };
}
