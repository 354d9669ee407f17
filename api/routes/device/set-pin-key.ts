import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';

/** Body of a first PIN key. */
export const pinKeyBody = z.object({ publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** `PUT /device/v1/pin-key`: the public half (Ed25519, base64url) of the key that the user's PIN unmasks. Set once. */
export function setPinKey({ pinKeys }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { publicKey } = parse(pinKeyBody, request.body);
    if (!(await pinKeys.setFirst(deviceOf(response).enrolmentId, publicKey))) throw new AppError('pin_already_set');
    response.status(204).end();
  };
}
