import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { SealedReply } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { sealCodeChallenge } from '../../code-challenge.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';

/** Body of a request for the code to digits. */
export const digitsBody = z.object({ digits: z.string().regex(/^\d{4,17}$/) });

/** What the phone shows beside the code: whoever typed the digits has read the rest at the portal. */
const MESSAGE = 'Your code';

/** `POST /device/v1/challenge-codes`: the code to the digits that the user has read at the portal, sealed. */
export function readChallengeCode(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { digits } = parse(digitsBody, request.body);
    const issued = await dependencies.codeChallenges.findByDigits(deviceOf(response).enrolmentId, digits);
    if (!issued) throw new AppError('otp_invalid');
    const reply: SealedReply = { message: await sealCodeChallenge(dependencies, issued, MESSAGE) };
    response.json(reply);
  };
}
