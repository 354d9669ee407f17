import type { RequestHandler } from 'express';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';
import { transactionIdOf } from './open-transaction.ts';
import { sealChallenge } from './seal-challenge.ts';

/** Names a fetch: the phone repeats it when it asks again. */
export const requestIdSchema = z.string().min(16).max(64);

/** Body of a fetch. */
export const fetchBody = z.object({ requestId: requestIdSchema });

/** `POST /device/v1/transactions/{id}/fetch`: what the user must see, sealed. Once: only the same request may ask again. */
export function fetchChallenge(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { requestId } = parse(fetchBody, request.body);
    const transactionId = transactionIdOf(request.params, response);
    const fetch = { transactionId, requestId, from: callerOf(request) };
    response.json(await sealChallenge(dependencies, deviceOf(response), fetch));
  };
}
