import type { RequestHandler } from 'express';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { endTransactions } from '../../end-transactions.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import { userParameter } from './parameters.ts';

const appParameters = z.object({ userId: identifier, applicationInstanceId: identifier });

/** `GET …/v1/users/{userId}/authentication/apps` (deprecated by the vendor): the user's devices with mobile authentication. */
export function listAuthenticationApps({ userDevices, auditTrail }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    const enrolled = (await userDevices.list(userId)).filter(({ isEnrolled }) => isEnrolled);
    await auditTrail.record({
      name: enrolled.length === 0 ? 'API_DEVICES_NO_DATA_FOUND' : 'API_DEVICES_LISTED',
      userId,
      clientId: clientOf(response).id,
      caller: callerOf(request),
    });
    response.json({
      authentication_app_instances: enrolled.map(({ deviceId, name, platform }) => ({
        id: deviceId,
        device_id: deviceId,
        device_name: name,
        platform,
      })),
    });
  };
}

/** `DELETE …/v1/users/{userId}/authentication/apps/{applicationInstanceId}`: ends mobile authentication there. 204, always. */
export function deleteAuthenticationApp(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId, applicationInstanceId } = parse(appParameters, request.params);
    const { endedTransactionIds } = await dependencies.userDevices.withdraw({
      what: 'mobile_authentication',
      userId,
      deviceIds: [applicationInstanceId],
      event: 'API_AUTHENTICATION_APP_AND_USER_CLIENT_KEYS_REMOVED',
      clientId: clientOf(response).id,
      caller: callerOf(request),
    });
    await endTransactions(dependencies, endedTransactionIds);
    response.status(204).end();
  };
}
