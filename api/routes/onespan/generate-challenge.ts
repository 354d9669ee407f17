import { randomInt } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { checkDigitOf } from '../../../workflows/domain/check-digit.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { createCodeChallenge } from './create-code-challenge.ts';

/** Body of a request for digits. */
export const challengeBody = z.object({
  length: z.coerce.number().int().min(4).max(16).default(6),
  checkDigit: z.union([z.boolean(), z.stringbool()]).default(false),
});

/**
 * `POST /v1/users/{user[@domain]}/generate-challenge`: digits that the user types on the phone, which answers with the
 * code that `login` takes with the `requestID`. With `checkDigit` there is one digit more.
 */
export function generateChallenge(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { length, checkDigit } = parse(challengeBody, request.body);
    const random = Array.from({ length }, () => randomInt(10)).join('');
    const challenge = checkDigit ? random + checkDigitOf(random) : random;
    const user = request.params.user as string;
    const { issued } = await createCodeChallenge(dependencies, clientOf(response).id, user, challenge);
    response.json({ challenge, requestID: issued.id });
  };
}
