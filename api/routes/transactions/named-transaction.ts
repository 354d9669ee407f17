import type { Request } from 'express';
import { validate } from 'uuid';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { noteInLog } from '../../../runtime/log-context.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';

/** The query of a look at one transaction: whose it must be. */
export const ownerQuery = z.object({ userId: identifier.optional() });

/** Id of the transaction that a request names, noted for the log; `resource_unknown` for what is none. */
export function transactionIdOf(request: Request): string {
  const transactionId = String(request.params.id).toLowerCase();
  if (!validate(transactionId)) throw new AppError('resource_unknown');
  noteInLog({ transactionId });
  return transactionId;
}

/** The user whose transaction it must be, where the request names one. */
export function ownerOf(request: Request): string | undefined {
  return parse(ownerQuery, request.query).userId;
}
