import { z } from 'zod';
import { deleteSomeBody } from '../routes/end-user/delete-devices.ts';
import type { DeviceApiVersion } from '../routes/end-user/device-item.ts';
import { endUserFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation, Reply, Surface } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const tokenTypes = z.array(z.enum(['DEFAULT', 'FINGER_PRINT', 'CUSTOM_AUTHENTICATOR']));
const platform = z.enum(['android', 'ios']);
const text = z.string();

const deviceV4 = z.object({
  ...{ id: text, name: text, application: text, model: text.optional(), platform, osVersion: text.optional() },
  ...{ createdAt: z.number(), tokenTypes, lastLogin: z.number() },
  ...{ mobileAuthenticationEnabled: z.boolean(), pushAuthenticationEnabled: z.boolean() },
});
const deviceV3 = z.object({
  ...{ id: text, name: text, application: text, platform },
  ...{ created_at: z.number(), token_types: tokenTypes, last_login: z.number() },
  ...{ mobile_authentication_enabled: z.boolean(), push_authentication_enabled: z.boolean() },
});

const COMMON = { id: EXAMPLE.deviceId, name: "alice's phone", application: 'Demo app', platform: 'android' };
const [createdAt, lastLogin] = [EXAMPLE.createdAtMs, EXAMPLE.createdAtMs];

const DEVICES: Readonly<Record<DeviceApiVersion, Reply>> = {
  v4: jsonReply(200, 'The devices.', z.object({ devices: z.array(deviceV4) }), {
    devices: [
      {
        ...{ ...COMMON, createdAt, tokenTypes: ['DEFAULT'], lastLogin },
        ...{ mobileAuthenticationEnabled: true, pushAuthenticationEnabled: true },
      },
    ],
  }),
  v3: jsonReply(200, 'The devices.', z.object({ devices: z.array(deviceV3) }), {
    devices: [
      {
        ...{ ...COMMON, created_at: createdAt, token_types: ['DEFAULT'], last_login: lastLogin },
        ...{ mobile_authentication_enabled: true, push_authentication_enabled: true },
      },
    ],
  }),
};

const none = jsonReply(404, 'The user is on no device.', z.object({ error: text }), { error: 'No devices found' });

const notAll = jsonReply(
  500,
  'Some of the ids are no device of the user; the others were deleted.',
  z.object({ code: text, message: text, details: z.array(z.object({ id: text, status: z.looseObject({}) })) }),
  {
    code: 'not_all_devices_deleted',
    message: 'Not all of the devices were deleted; the others were.',
    details: [
      {
        id: EXAMPLE.deviceId,
        status: { code: 'device_not_deleted', message: 'The user has no such device.', details: [] },
      },
    ],
  },
);

const apps = jsonReply(
  200,
  'Devices with mobile authentication.',
  z.object({
    authentication_app_instances: z.array(z.object({ id: text, device_id: text, device_name: text, platform })),
  }),
  {
    authentication_app_instances: [
      {
        ...{ id: EXAMPLE.deviceId, device_id: EXAMPLE.deviceId },
        ...{ device_name: "alice's phone", platform: 'android' },
      },
    ],
  },
);

const DISABLED = {
  disableFingerprint: 'Takes the biometric key',
  disableMobileAuthentication: 'Takes the keys, and with them the push token',
  disablePushAuthentication: 'Takes the push token',
} as const;

type Briefly = Pick<Operation, 'method' | 'path' | 'summary'> & { replies?: Operation['replies'] };

function operation({ replies = [emptyReply('Done, or there was nothing to do.')], ...brief }: Briefly): Operation {
  return { credential: 'client', ...brief, replies, errors: ['request_invalid'] };
}

function devicesOf(version: DeviceApiVersion): readonly Operation[] {
  const devices = `/oauth/api/${version}/users/{userId}/devices`;
  const device = `${devices}/{deviceId}`;
  const list = { method: 'get', path: devices, summary: 'The devices of a user' } as const;
  return [
    operation({ ...list, replies: [DEVICES[version], none] }),
    {
      ...operation({ method: 'post', path: devices, summary: 'Takes the user off several devices' }),
      request: {
        mediaType: 'application/json',
        schema: deleteSomeBody,
        examples: { one: { delete: [EXAMPLE.deviceId] } },
      },
      replies: [emptyReply('Deleted.'), notAll],
    },
    operation({ method: 'delete', path: devices, summary: 'Takes the user off all devices' }),
    operation({ method: 'delete', path: device, summary: 'Takes the user off one device' }),
    ...Object.entries(DISABLED).map(([name, summary]) =>
      operation({ method: 'post', path: `${device}/${name}`, summary }),
    ),
  ];
}

const APPS = '/oauth/api/v1/users/{userId}/authentication/apps';

/** The vendor's end user API. */
export const endUserSurface: Surface = {
  name: 'Devices of users',
  description: 'What a portal lets its users see of their devices, and take from them.',
  errors: ['client_unauthenticated', 'action_forbidden', 'too_many_failures', 'overloaded', 'unavailable'],
  bodyErrors: ['body_too_large', 'media_type_unsupported'],
  errorFormat: endUserFormat,
  operations: [
    ...devicesOf('v4'),
    ...devicesOf('v3'),
    operation({ method: 'get', path: APPS, summary: 'Devices with mobile authentication', replies: [apps] }),
    operation({ method: 'delete', path: `${APPS}/{applicationInstanceId}`, summary: 'Ends mobile authentication' }),
  ],
};
