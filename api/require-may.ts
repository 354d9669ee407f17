import type { Request, RequestHandler, Response } from 'express';
import type { ClientScope } from '../runtime/client-scopes.ts';
import { AppError } from '../runtime/errors.ts';
import type { ClientAuthenticator } from './client-authentication.ts';
import type { OperatorAuthenticator } from './console/operators.ts';
import { may } from './permissions.ts';
import type { AdministrationAction } from './ports.ts';

/** Who is admitted to administration: API clients, and operators of the console. */
export interface Admission {
  readonly clients: ClientAuthenticator;
  readonly operators: OperatorAuthenticator;
}

/** An action on one user's things alone, and the user whom the request names. */
export interface OfOneUser {
  readonly action: AdministrationAction;
  /** Undefined where the request names none. */
  userOf(request: Request): unknown;
}

/**
 * Admits an API client or an operator of the console that may do this in administration; 403 where the scopes do not
 * allow it. With `ofOneUser` also whoever may do it for one user, where the request names that user.
 */
export function requireMay(admission: Admission, action: AdministrationAction, ofOneUser?: OfOneUser): RequestHandler {
  return async (request, response, next) => {
    const scopes =
      (await admitOperator(admission, request, response)) ?? (await admitClient(admission, request, response));
    refuseUnlessMay(scopes, action, request, ofOneUser);
    next();
  };
}

/** Admits operators of the console as {@link requireMay} does, and API clients with this scope as the vendor has it. */
export function requireClientOrMay(
  admission: Admission,
  scope: ClientScope,
  action: AdministrationAction,
  ofOneUser?: OfOneUser,
): RequestHandler {
  return async (request, response, next) => {
    const scopes = await admitOperator(admission, request, response);
    if (scopes) refuseUnlessMay(scopes, action, request, ofOneUser);
    else if (!(await admitClient(admission, request, response)).includes(scope)) {
      throw new AppError('client_unauthenticated');
    }
    next();
  };
}

async function admitOperator(
  { operators }: Admission,
  request: Request,
  response: Response,
): Promise<readonly string[] | undefined> {
  const operator = await operators.authenticate(request);
  if (operator) response.locals.operator = operator;
  return operator?.scopes;
}

async function admitClient({ clients }: Admission, request: Request, response: Response): Promise<readonly string[]> {
  const client = await clients.authenticate(request);
  response.locals.client = client;
  return client.scopes;
}

function refuseUnlessMay(
  scopes: readonly string[],
  action: AdministrationAction,
  request: Request,
  ofOneUser: OfOneUser | undefined,
): void {
  if (may(scopes, action)) return;
  const user = ofOneUser && may(scopes, ofOneUser.action) ? ofOneUser.userOf(request) : undefined;
  if (typeof user !== 'string' || user === '') throw new AppError('action_forbidden');
}
