import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { callerOf } from '../../caller.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { endTransactions } from '../../end-transactions.ts';
import { parse } from '../../parse.ts';

const token = z.string().min(1).max(4_096);
/** Body of a push token. */
export const pushTokenBody = z.object({ pushToken: token, oldPushToken: token.optional() });

/**
 * `PUT /device/v1/push-token`: the first push token of an enrolment, or one in place of the old one, which the phone
 * must show. 204; the same request again changes nothing.
 */
export function setPushToken(dependencies: ApiDependencies): RequestHandler {
  const { pushTokens, generalSettings } = dependencies;
  return async (request, response) => {
    const { enrolmentId, userId, applicationId } = deviceOf(response);
    const { pushToken, oldPushToken } = parse(pushTokenBody, request.body);
    const { pushEnrolmentEnabled, pushEnrolmentMode: mode } = await generalSettings.read();
    // A change of token is no enrolment, and goes on while that is switched off.
    if (oldPushToken === undefined && !pushEnrolmentEnabled) throw new AppError('push_enrolment_disabled');
    const caller = callerOf(request);
    const result = await pushTokens.set({ enrolmentId, userId, applicationId, pushToken, oldPushToken, mode, caller });
    if (!result.ok) throw new AppError(result.code);
    await endTransactions(dependencies, result.endedTransactionIds);
    response.status(204).end();
  };
}

/** `DELETE /device/v1/push-token`: no more pushes; the keys and the enrolment stay. 204, also when there was none. */
export function erasePushToken({ pushTokens }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    await pushTokens.erase(deviceOf(response).enrolmentId, callerOf(request));
    response.status(204).end();
  };
}
