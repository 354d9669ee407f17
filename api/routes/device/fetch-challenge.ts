import type { RequestHandler } from 'express';
import { z } from 'zod';
import { challengeNonceOf } from '../../../runtime/challenge-nonce.ts';
import type { Challenge, SealedReply } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';
import { refuseIfOver, transactionIdOf } from './open-transaction.ts';

const bodySchema = z.object({ requestId: z.string().min(16).max(64) });

/** `POST /device/v1/transactions/{id}/fetch`: what the user must see, sealed. Once: only the same request may ask again. */
export function fetchChallenge({ records, pgp, keyring }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const caller = deviceOf(response);
    const { enrolmentId } = caller;
    const { requestId } = parse(bodySchema, request.body);
    const transactionId = transactionIdOf(request.params);
    const transaction = await records.findForEnrolment(transactionId, enrolmentId);
    if (!transaction) throw new AppError('transaction_unknown');
    refuseIfOver(transaction, caller);
    if (!(await records.claimFetch(transactionId, enrolmentId, requestId))) {
      const now = await records.findForEnrolment(transactionId, enrolmentId);
      if (now) refuseIfOver(now, caller);
      throw new AppError('challenge_already_fetched');
    }
    const challenge: Challenge = {
      purpose: 'challenge',
      transactionId,
      enrolmentId,
      requestId,
      type: transaction.typeName,
      method: transaction.method,
      message: transaction.secureMessage ?? transaction.message,
      expiresAt: new Date(transaction.expiresAtMs).toISOString(),
      nonce: challengeNonceOf(keyring, transactionId, enrolmentId),
      ...(transaction.signingData !== null && { signingData: transaction.signingData }),
    };
    const reply: SealedReply = { message: await (await pgp.of(caller)).sealFor(caller.pgpPublicKey, challenge) };
    response.json(reply);
  };
}
