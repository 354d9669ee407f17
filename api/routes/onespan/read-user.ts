import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { findUser } from './find-user.ts';

/** `GET /v1/users/{user[@domain]}`: whether the user is locked, has a static password, and which phones answer for them. */
export function readUser({ oneSpanDomains, oneSpanUsers, enrolments }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const user = await findUser(oneSpanDomains, clientOf(response).id, request.params.user as string);
    if (!user) throw new AppError('route_unknown');
    const { domain, userId, name } = user;
    const [record, devices] = await Promise.all([oneSpanUsers.find(userId), enrolments.listEnrolled(userId)]);
    const ofDomain = devices.filter(({ applicationId }) => applicationId === domain.applicationId);
    if (!record && ofDomain.length === 0) throw new AppError('route_unknown');
    response.json({
      userID: name,
      domain: domain.name,
      locked: (record?.passwordFailures ?? 0) >= domain.passwordMaxAttempts,
      staticPasswordSet: record?.hasStaticPassword ?? false,
      devices: ofDomain.map((device) => ({
        deviceID: device.deviceId,
        name: device.deviceName,
        platform: device.platform,
        pushNotification: device.hasPushToken,
      })),
    });
  };
}
