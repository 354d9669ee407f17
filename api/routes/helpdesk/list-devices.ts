import type { RequestHandler } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import type { UserDevice } from '../../ports.ts';
import { userParameter } from '../end-user/parameters.ts';
import { agentOf } from './agent.ts';

/** `GET /admin/v1/users/{userId}/devices`: the devices that this user is on; an empty list where there is none. */
export function listDevices({ userDevices, auditTrail }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    const agent = agentOf(request, response);
    const devices = await userDevices.list(userId);
    await auditTrail.record({ name: 'ADMIN_DEVICES_LISTED', userId, ...agent });
    response.json({ devices: devices.map(describeDevice) });
  };
}

/** A device as helpdesks see it. */
export function describeDevice({ createdAtMs, lastSeenAtMs, ...device }: UserDevice): object {
  const { deviceId: id, ...rest } = device;
  return {
    id,
    ...rest,
    createdAt: new Date(createdAtMs).toISOString(),
    lastSeenAt: new Date(lastSeenAtMs).toISOString(),
  };
}
