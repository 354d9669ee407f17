import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** Body of a biometric key. */
export const biometricKeyBody = z.object({
  publicKey: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
});

/** `PUT /device/v1/biometric-key`: the public half of the key that the phone's secure hardware guards by the biometric. */
export function setBiometricKey({ pinKeys }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { publicKey } = parse(biometricKeyBody, request.body);
    await pinKeys.setBiometricKey(deviceOf(response).enrolmentId, publicKey);
    response.status(204).end();
  };
}

/** `DELETE /device/v1/biometric-key`: the PIN is asked for from now on. */
export function deleteBiometricKey({ pinKeys }: ApiDependencies): RequestHandler {
  return async (_request, response) => {
    await pinKeys.setBiometricKey(deviceOf(response).enrolmentId, null);
    response.status(204).end();
  };
}
