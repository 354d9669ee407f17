import type { RequestHandler } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AuthenticationType, EnrolledDevice } from '../../ports.ts';
import { canAnswer } from './can-answer.ts';

/** `GET …/user/{userId}/enabled`: every type this user can be asked by, with the devices it would reach. */
export function listAvailable({ types, enrolments }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const devices = await enrolments.listEnrolled(request.params.userId as string);
    const configured = devices.length === 0 ? [] : await types.list();
    const enabled = configured.flatMap((type) => {
      const reached = devices.filter((device) => canAnswer(device, type.method));
      return reached.length === 0 ? [] : [describe(type, reached)];
    });
    response.json({ enabled });
  };
}

/** `GET …/user/{userId}/device/{deviceId}/enabled`: names of the types that reach this device. */
export function listAvailableForDevice({ types, enrolments }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const devices = await enrolments.listEnrolled(request.params.userId as string);
    const device = devices.find(({ deviceId }) => deviceId === request.params.deviceId);
    const reaching = device ? (await types.list()).filter(({ method }) => canAnswer(device, method)) : [];
    response.json({ enabled: reaching.map(({ name }) => name) });
  };
}

function describe(type: AuthenticationType, devices: readonly EnrolledDevice[]): object {
  return {
    type: type.name,
    method: type.method.toUpperCase(),
    ...(type.method !== 'otp' && {
      sms_fallback_allowed: false,
      apps_enrolled_for_push: devices.map((device) => ({
        app_id: device.applicationId,
        app_name: device.applicationName,
        device_id: device.deviceId,
        device_name: device.deviceName,
        platform: device.platform,
      })),
    }),
  };
}
