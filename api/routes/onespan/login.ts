import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import { readPassKey } from '../../../workflows/domain/pass-key.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noteSubject } from '../../event-subject.ts';
import { parse } from '../../parse.ts';
import { deliverySchema, timeoutSchema } from './delivery.ts';
import { findUser } from './find-user.ts';
import { replyAfterAsking } from './reply-after-asking.ts';
import { verifyCode } from './verify-code.ts';
import { verifyPassword } from './verify-password.ts';

/** Body of a login. */
export const loginBody = z.object({
  // The adaptive one brings data for a risk engine, which are passed over: there is none here.
  objectType: z.enum(['LoginInput', 'AdaptiveLoginInput']),
  credentials: z.union([
    z.object({ passKey: z.string().min(1).max(256) }),
    z.object({ authenticator: z.object({ OTP: z.string().regex(/^\d{1,16}$/) }) }),
  ]),
  /** Of the challenge that an OTP answers. */
  requestID: z.string().max(64).optional(),
  orchestrationDelivery: deliverySchema,
  timeout: timeoutSchema,
});

/**
 * `POST /v1/users/{user[@domain]}/login`: with a pass key, verifies its static password and asks the phone in the way its
 * keyword names; with an OTP, verifies it as the answer to a challenge.
 */
export function login(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const clientId = clientOf(response).id;
    const { credentials, requestID, orchestrationDelivery, timeout } = parse(loginBody, request.body);
    const user = await findUser(dependencies.oneSpanDomains, clientId, request.params.user as string);
    if (user) noteSubject(response, { userId: user.userId, applicationId: user.domain.applicationId });
    if ('authenticator' in credentials) {
      if (requestID === undefined) throw new AppError('request_invalid', 'requestID');
      await verifyCode(dependencies, clientId, user, { requestID, otp: credentials.authenticator.OTP });
      response.json({ sessionStatus: 'accepted', requestID });
      return;
    }
    const passKey = user && readPassKey(credentials.passKey, user.domain);
    if (passKey?.password !== null) {
      // A pass key that asks no phone costs what a wrong password costs, and no attempt.
      await verifyPassword(dependencies, clientId, passKey && user, passKey?.password ?? credentials.passKey);
    }
    if (!user || !passKey) throw new OneSpanError('authentication_failed');
    const { loginTitle: title, loginSubject: subject, loginText: text } = user.domain;
    const { method } = passKey;
    const question = { clientId, user, method, title, subject, text, delivery: orchestrationDelivery };
    await replyAfterAsking(dependencies, response, question, timeout);
  };
}
