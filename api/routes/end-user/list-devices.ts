import type { RequestHandler } from 'express';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { type DeviceApiVersion, deviceItemOf } from './device-item.ts';
import { userParameter } from './parameters.ts';

/** `GET …/users/{userId}/devices`: the devices that this user is on; 404 where there is none. */
export function listDevices({ userDevices, auditTrail }: ApiDependencies, version: DeviceApiVersion): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    const devices = await userDevices.list(userId);
    await auditTrail.record({
      name: devices.length === 0 ? 'API_DEVICES_NO_DATA_FOUND' : 'API_DEVICES_LISTED',
      userId,
      clientId: clientOf(response).id,
      caller: callerOf(request),
    });
    if (devices.length === 0) response.status(404).json({ error: 'No devices found' });
    else response.json({ devices: devices.map((device) => deviceItemOf(device, version)) });
  };
}
