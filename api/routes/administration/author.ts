import type { Response } from 'express';
import { clientOf } from '../../client-authentication.ts';
import type { Author } from '../../ports.ts';

/** Who changes something by this request: the operator who is logged in, or the API client. */
export function authorOf(response: Response): Author {
  const { operator } = response.locals;
  return operator ? { operator: operator.name } : { clientId: clientOf(response).id };
}
