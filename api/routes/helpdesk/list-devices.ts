import type { RequestHandler } from 'express';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import type { UserDevice } from '../../ports.ts';
import { userParameter } from '../end-user/parameters.ts';
import { agentUserOf } from './agent-user.ts';

/** `GET /admin/v1/users/{userId}/devices`: the devices that this user is on; an empty list where there is none. */
export function listDevices({ userDevices, auditTrail }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    const agentUser = agentUserOf(request, response);
    const devices = await userDevices.list(userId);
    const event = { name: 'ADMIN_DEVICES_LISTED', userId, clientId: clientOf(response).id, agentUser };
    await auditTrail.record({ ...event, caller: callerOf(request) });
    response.json({ devices: devices.map(describe) });
  };
}

function describe({ createdAtMs, lastSeenAtMs, ...device }: UserDevice): object {
  const { deviceId: id, ...rest } = device;
  return {
    id,
    ...rest,
    createdAt: new Date(createdAtMs).toISOString(),
    lastSeenAt: new Date(lastSeenAtMs).toISOString(),
  };
}
