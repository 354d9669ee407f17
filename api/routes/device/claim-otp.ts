import type { RequestHandler } from 'express';
import { z } from 'zod';
import { readOtp } from '../../../runtime/device-wire.ts';
import { AppError, type ErrorCode } from '../../../runtime/errors.ts';
import { isOtpOf } from '../../../runtime/otp.ts';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { noteSubject } from '../../event-subject.ts';
import { parse } from '../../parse.ts';
import { requestIdSchema } from './fetch-challenge.ts';
import { sealChallenge } from './seal-challenge.ts';

/** Body of a claim. */
export const claimBody = z.object({ otp: z.string().min(1).max(512), requestId: requestIdSchema });

const CODE_OF = {
  unknown: 'otp_invalid',
  others: 'otp_already_claimed',
  expired: 'transaction_expired',
  settled: 'transaction_already_settled',
} as const satisfies Record<string, ErrorCode>;

/**
 * `POST /device/v1/otp`: gives the transaction of a code to the phone that read it first, and replies what its user must
 * see. The same request again gets the same reply.
 */
export function claimOtp(dependencies: ApiDependencies): RequestHandler {
  const { records, keyring } = dependencies;
  return async (request, response) => {
    const caller = deviceOf(response);
    const { otp, requestId } = parse(claimBody, request.body);
    const content = readOtp(otp);
    if (!content || !isOtpOf(keyring, content)) throw new AppError('otp_invalid');
    const { transactionId } = content;
    noteSubject(response, { transactionId });
    const claim = (await records.claimOtp(transactionId, caller)) ?? 'unknown';
    if (claim !== 'own') throw new AppError(CODE_OF[claim]);
    response.json(await sealChallenge(dependencies, caller, { transactionId, requestId, from: callerOf(request) }));
  };
}
