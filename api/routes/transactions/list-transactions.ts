import type { RequestHandler } from 'express';
import { validate } from 'uuid';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import type { TransactionItem, TransactionPlace } from '../../ports.ts';
import { pageQuery } from '../administration/list-resource.ts';
import { withoutEmpty } from '../events/event-filter.ts';

const MAX_MS = 8.64e15;
const STATUSES = ['pending', 'approved', 'denied', 'failed', 'expired', 'cancelled'] as const;
const METHODS = [
  ...(['push', 'push_with_pin', 'push_with_fingerprint', 'push_with_custom_authenticator'] as const),
  ...(['push_with_number', 'otp', 'sms'] as const),
];

/** The query of a search for transactions. */
export const transactionsQuery = pageQuery.extend({
  id: identifier.optional(),
  userId: identifier.optional(),
  deviceId: identifier.optional(),
  type: identifier.optional(),
  status: z.enum(STATUSES).optional(),
  method: z.enum(METHODS).optional(),
  clientId: identifier.optional(),
  from: z.coerce.number().int().min(0).max(MAX_MS).optional(),
  to: z.coerce.number().int().min(0).max(MAX_MS).optional(),
});

/** `GET /admin/v1/transactions`: transactions that meet all that is asked for, newest first, and where the next page begins. */
export function listTransactions({ operatorTransactions }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { limit, after, from, to, id, ...filter } = parse(transactionsQuery, withoutEmpty(request.query));
    // What is no id of ours is no transaction's.
    const found =
      id !== undefined && !validate(id)
        ? []
        : await operatorTransactions.page(
            { ...filter, id, fromMs: from, beforeMs: to },
            { limit: limit + 1, after: after === undefined ? undefined : placeOf(after) },
          );
    const items = found.slice(0, limit);
    const last = items.at(-1);
    response.json({
      items: items.map(({ place: _place, ...item }): TransactionItem => item),
      next: found.length > limit && last ? encode(last.place) : null,
    });
  };
}

function encode({ createdAt, id }: TransactionPlace): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

const placeSchema = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/),
  z.uuid(),
]);

function placeOf(after: string): TransactionPlace {
  try {
    const [createdAt, id] = placeSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
    if (Number.isNaN(Date.parse(createdAt.replace(' ', 'T').slice(0, 19)))) throw new RangeError('no such time');
    return { createdAt, id };
  } catch (cause) {
    throw new AppError('request_invalid', 'after', { cause });
  }
}
