import type { RequestHandler } from 'express';
import { isStorable } from '../../../runtime/storable-text.ts';
import { canAnswer } from '../../can-answer.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { ApiEnrolmentStore, AuthenticationType, EnrolledDevice } from '../../ports.ts';
import { type ApiVersion, devicesOf } from './push-target.ts';

/** `GET …/user/{userId}/enabled`: every type this user can be asked by, with the devices (v3: applications) it would reach. */
export function listAvailable(
  { types, enrolments, generalSettings, features }: ApiDependencies,
  version: ApiVersion,
): RequestHandler {
  return async (request, response) => {
    const devices = await devicesNamed(enrolments, request.params.userId as string);
    const on = await features.read();
    const { smsAuthenticationEnabled } = await generalSettings.read();
    const configured = devices.length === 0 && !smsAuthenticationEnabled ? [] : await types.list();
    const enabled = configured.flatMap((type) => {
      const reached = devices.filter((device) => canAnswer(device, type.method, on));
      const isSmsAllowed = smsAuthenticationEnabled && usesSms(type);
      return reached.length > 0 || isSmsAllowed ? [describe(type, reached, version, isSmsAllowed)] : [];
    });
    response.json({ enabled });
  };
}

/**
 * Names of the types that this user can be asked by, on one phone where it is named: `GET …/user/{userId}/device/{deviceId}/enabled` (v4),
 * `…/user/{userId}/application/{applicationId}/enabled` (v3), `…/user/{userId}/enabled` (v2). Empty for a phone that is not
 * the user's; SMS and fallbacks are tied to no phone and count beside it.
 */
export function listAvailableNames({ types, enrolments, generalSettings, features }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId, deviceId, applicationId } = request.params as Record<string, string>;
    const target = { userId: userId as string, ...(deviceId && { deviceId }), ...(applicationId && { applicationId }) };
    const devices = devicesOf(await devicesNamed(enrolments, target.userId), target);
    const on = await features.read();
    const isUserAlone = deviceId === undefined && applicationId === undefined;
    const { smsAuthenticationEnabled } = await generalSettings.read();
    const isSmsAllowed = smsAuthenticationEnabled && (isUserAlone || devices.length > 0);
    const configured = devices.length === 0 && !isSmsAllowed ? [] : await types.list();
    const available = configured.filter(
      (type) => (isSmsAllowed && usesSms(type)) || devices.some((device) => canAnswer(device, type.method, on)),
    );
    response.json({ enabled: available.map(({ name }) => name) });
  };
}

/** `GET …/user/{userId}/enabled/{type}` (v2): whether this user can be asked by this type. */
export function isAvailable({ types, enrolments, generalSettings, features }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const [on, { smsAuthenticationEnabled }, devices, type] = await Promise.all([
      features.read(),
      generalSettings.read(),
      devicesNamed(enrolments, request.params.userId as string),
      isStorable(request.params.type as string) ? types.find(request.params.type as string) : undefined,
    ]);
    const isSmsAllowed = smsAuthenticationEnabled && type !== undefined && usesSms(type);
    const isReached = type !== undefined && devices.some((device) => canAnswer(device, type.method, on));
    response.json({ enabled: isSmsAllowed || isReached });
  };
}

/** What can not be stored is the id of nobody. */
async function devicesNamed(
  enrolments: Pick<ApiEnrolmentStore, 'listEnrolled'>,
  userId: string,
): Promise<readonly EnrolledDevice[]> {
  return isStorable(userId) ? enrolments.listEnrolled(userId) : [];
}

/** By itself or by its fallback; SMS are tied to no phone of ours, so the portal's phone number is all it takes. */
function usesSms({ method, fallback }: AuthenticationType): boolean {
  return method === 'sms' || fallback === 'sms';
}

function describe(
  type: AuthenticationType,
  devices: readonly EnrolledDevice[],
  version: ApiVersion,
  isSmsAllowed: boolean,
): object {
  return {
    type: type.name,
    method: type.method.toUpperCase(),
    ...(isPush(type) && {
      sms_fallback_allowed: isSmsAllowed,
      apps_enrolled_for_push: version === 'v4' ? devices.map(describeDevice) : describeApplications(devices),
    }),
  };
}

function isPush({ method }: AuthenticationType): boolean {
  return method !== 'otp' && method !== 'sms';
}

function describeDevice(device: EnrolledDevice): object {
  return {
    app_id: device.applicationId,
    app_name: device.applicationName,
    device_id: device.deviceId,
    device_name: device.deviceName,
    platform: device.platform,
  };
}

function describeApplications(devices: readonly EnrolledDevice[]): object[] {
  const names = new Map(devices.map(({ applicationId, applicationName }) => [applicationId, applicationName]));
  return [...names].map(([id, name]) => ({ id, name }));
}
