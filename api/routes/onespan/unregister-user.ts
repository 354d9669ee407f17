import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { endTransactions } from '../../end-transactions.ts';
import { findUser } from './find-user.ts';

/** `POST /v1/users/{user[@domain]}/unregister`: forgets the user, and ends the phones of the domain's app with what waits for them. */
export function unregisterUser(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { oneSpanDomains, oneSpanUsers } = dependencies;
    const user = await findUser(oneSpanDomains, clientOf(response).id, request.params.user as string);
    const ended = user && (await oneSpanUsers.unregister(user.userId, user.domain.applicationId));
    if (!ended) throw new AppError('route_unknown');
    await endTransactions(dependencies, ended);
    response.status(204).end();
  };
}
