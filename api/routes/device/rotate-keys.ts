import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { isUsablePublicKey } from '../../../runtime/openpgp.ts';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf, verifyNewKeyProof } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';
import { pgpPublicKey, signingKey } from './public-keys.ts';

/** Body of a change of keys. */
export const keysBody = z
  .object({
    pgpPublicKey: pgpPublicKey.optional(),
    signingKey: signingKey.optional(),
    newKeyProof: z.string().min(1).max(4_096).optional(),
  })
  .refine((body) => body.pgpPublicKey !== undefined || body.signingKey !== undefined, { path: ['signingKey'] });

/**
 * `POST /device/v1/keys`: new keys in place of those of this enrolment. The request is proven by the old signing key,
 * and a new signing key by itself. 204; the old keys are good for nothing from the next request on.
 */
export function rotateKeys({ enrolmentChanges, settings }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { enrolmentId, keyVersion } = deviceOf(response);
    const body = parse(keysBody, request.body);
    if (body.signingKey) {
      const proof = { text: body.newKeyProof ?? '', key: body.signingKey, enrolmentId, body: body.pgpPublicKey ?? '' };
      await verifyNewKeyProof(request, proof, settings.publicUrl);
    }
    if (body.pgpPublicKey !== undefined && !(await isUsablePublicKey(body.pgpPublicKey))) {
      throw new AppError('request_invalid', 'pgpPublicKey');
    }
    // Of two changes at once by the same old key the second one finds that key gone, as a later request would.
    const result = await enrolmentChanges.rotateKeys(enrolmentId, keyVersion, body, callerOf(request));
    if (result === 'transactions_pending') throw new AppError('transactions_pending');
    if (result === 'keys_replaced') throw new AppError('proof_invalid', 'signature');
    response.status(204).end();
  };
}
