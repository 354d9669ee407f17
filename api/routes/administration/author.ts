import type { Response } from 'express';
import { clientOf } from '../../client-authentication.ts';
import type { Author } from '../../ports.ts';

/** Who changes something by this request. */
export function authorOf(response: Response): Author {
  return { clientId: clientOf(response).id };
}
