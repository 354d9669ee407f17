import type { RequestHandler } from 'express';
import { AppError, ERRORS } from '../../../runtime/errors.ts';
import type { OperatorConsole } from '../../console/operator-console.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { problemBodyOf } from '../../problem.ts';
import { viewOf } from './session-view.ts';

/**
 * `GET /console/api/session`: who is logged in and what they may do; 401 `session_required`, with how to log in, where
 * nobody is.
 */
export function readSession({ operators, operatorConsole }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const session = await operators.authenticate(request).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'session_required') return undefined;
      throw error;
    });
    if (session) {
      response.json(viewOf(session, operatorConsole));
      return;
    }
    const problem = { ...problemBodyOf(new AppError('session_required')), login: wayInOf(operatorConsole) };
    response.status(ERRORS.session_required.status).type('application/problem+json').send(problem);
  };
}

function wayInOf({ oidc, local }: OperatorConsole): 'oidc' | 'local' | 'none' {
  if (oidc) return 'oidc';
  return local ? 'local' : 'none';
}
