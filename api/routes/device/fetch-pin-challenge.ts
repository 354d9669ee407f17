import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { PinChallenge, SealedReply } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { pinChangeNonceOf } from '../../../runtime/pin-change-nonce.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';

/** Body of a request for the challenge to a change of the PIN. */
export const pinChallengeBody = z.object({ requestId: z.string().min(16).max(64) });

/** `POST /device/v1/pin-key/challenge`: what a change of the PIN must prove the old one over, sealed. 409 without a PIN. */
export function fetchPinChallenge({ pinKeys, pgp, keyring }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const caller = deviceOf(response);
    const { enrolmentId } = caller;
    const { requestId } = parse(pinChallengeBody, request.body);
    const pinKey = await pinKeys.findPinKey(enrolmentId);
    if (!pinKey) throw new AppError('pin_not_set');
    const challenge: PinChallenge = {
      purpose: 'pin_challenge',
      enrolmentId,
      requestId,
      nonce: pinChangeNonceOf(keyring, enrolmentId, pinKey.publicKey),
      ...(pinKey.lastChangeId !== null && { lastChangeId: pinKey.lastChangeId }),
    };
    const reply: SealedReply = { message: await (await pgp.of(caller)).sealFor(caller.pgpPublicKey, challenge) };
    response.json(reply);
  };
}
