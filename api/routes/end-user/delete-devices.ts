import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { endTransactions } from '../../end-transactions.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import type { Caller } from '../../ports.ts';
import { deviceParameters, userParameter } from './parameters.ts';

/** Body of a deletion of several devices. */
export const deleteSomeBody = z.object({ delete: z.array(identifier).min(1).max(100) });

/** Takes the user off these devices, or off all; tells of those that the user was not on. */
async function removeDevices(
  dependencies: ApiDependencies,
  response: Response,
  caller: Caller,
  { userId, deviceIds }: { readonly userId: string; readonly deviceIds?: readonly string[] },
): Promise<readonly string[]> {
  const { userDevices, auditTrail } = dependencies;
  const clientId = clientOf(response).id;
  const removed = await userDevices.withdraw({
    what: 'device',
    userId,
    ...(deviceIds && { deviceIds }),
    event: 'API_DEVICE_REMOVED',
    clientId,
    caller,
  });
  await endTransactions(dependencies, removed.endedTransactionIds);
  const missing = [...new Set(deviceIds)].filter((id) => !removed.deviceIds.includes(id));
  await Promise.all(
    missing.map((deviceId) =>
      auditTrail.record({ name: 'API_DEVICE_REMOVAL_FAILED', userId, deviceId, clientId, caller }),
    ),
  );
  return missing;
}

/** `DELETE …/users/{userId}/devices/{deviceId}`: 204, also where the user is not on the device. */
export function deleteDevice(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId, deviceId } = parse(deviceParameters, request.params);
    await removeDevices(dependencies, response, callerOf(request), { userId, deviceIds: [deviceId] });
    response.status(204).end();
  };
}

/** `DELETE …/users/{userId}/devices`: all devices of the user. 204. */
export function deleteAllDevices(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    await removeDevices(dependencies, response, callerOf(request), { userId });
    response.status(204).end();
  };
}

/** `POST …/users/{userId}/devices` with `{"delete": […]}`: 204, or 500 with those of the ids that are no device of the user. */
export function deleteSomeDevices(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(userParameter, request.params);
    const { delete: deviceIds } = parse(deleteSomeBody, request.body);
    const missing = await removeDevices(dependencies, response, callerOf(request), { userId, deviceIds });
    if (missing.length === 0) response.status(204).end();
    else response.status(500).json(notAllDeleted(missing));
  };
}

function notAllDeleted(missing: readonly string[]): object {
  const status = { code: 'device_not_deleted', message: 'The user has no such device.', details: [] };
  return {
    code: 'not_all_devices_deleted',
    message: 'Not all of the devices were deleted; the others were.',
    details: missing.map((id) => ({ id, status })),
  };
}
