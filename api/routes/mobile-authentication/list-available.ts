import type { RequestHandler } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AuthenticationType, EnrolledDevice } from '../../ports.ts';

/** `GET …/user/{userId}/enabled`: every type this user can be asked by, with the devices it would reach. */
export function listAvailable({ types, enrolments }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const devices = await enrolments.listPushable(request.params.userId as string);
    const available = devices.length === 0 ? [] : await types.list();
    response.json({ enabled: available.map((type) => describe(type, devices)) });
  };
}

/** `GET …/user/{userId}/device/{deviceId}/enabled`: names of the types that reach this device. */
export function listAvailableForDevice({ types, enrolments }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const devices = await enrolments.listPushable(request.params.userId as string);
    const isReached = devices.some(({ deviceId }) => deviceId === request.params.deviceId);
    response.json({ enabled: isReached ? (await types.list()).map(({ name }) => name) : [] });
  };
}

function describe(type: AuthenticationType, devices: readonly EnrolledDevice[]): object {
  return {
    type: type.name,
    method: type.method.toUpperCase(),
    sms_fallback_allowed: false,
    apps_enrolled_for_push: devices.map((device) => ({
      app_id: device.applicationId,
      app_name: device.applicationName,
      device_id: device.deviceId,
      device_name: device.deviceName,
      platform: device.platform,
    })),
  };
}
