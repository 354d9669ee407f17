import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { endTransactions } from '../../end-transactions.ts';
import { parse } from '../../parse.ts';
import type { Withdrawal } from '../../ports.ts';
import { deviceParameters } from '../end-user/parameters.ts';
import { agentOf } from './agent.ts';

/** What a helpdesk may do to a user on a device, and the events of it. */
export interface DeviceAction {
  readonly takes: Withdrawal;
  /** From every user on the device, where this one is. */
  readonly ofEveryUser?: true;
  readonly done: string;
  /** In addition, where a push token went with it. */
  readonly pushDone?: string;
  /** The user is on the device, and has nothing that could be taken. */
  readonly nothingToDo: string;
  /** The user is not on the device. */
  readonly wrongDevice: string;
}

export const REVOKE_MOBILE_AUTHENTICATION: DeviceAction = {
  takes: 'mobile_authentication',
  done: 'ADMIN_USER_CLIENT_KEYS_REVOKED',
  pushDone: 'ADMIN_PUSH_ENROLLMENT_REVOKED',
  nothingToDo: 'ADMIN_USER_CLIENT_KEYS_NOT_REVOKED_NOT_FOUND',
  wrongDevice: 'ADMIN_USER_CLIENT_KEYS_NOT_REVOKED_INCORRECT_DEVICE',
};

export const REVOKE_PUSH: DeviceAction = {
  takes: 'push',
  done: 'ADMIN_PUSH_ENROLLMENT_REVOKED',
  nothingToDo: 'ADMIN_PUSH_ENROLLMENT_NOT_REVOKED_NOT_FOUND',
  wrongDevice: 'ADMIN_PUSH_ENROLLMENT_NOT_REVOKED_INCORRECT_DEVICE',
};

export const DISCONNECT: DeviceAction = {
  takes: 'device',
  done: 'ADMIN_USER_DISCONNECTED_FROM_DEVICE',
  nothingToDo: 'ADMIN_DEVICE_NOT_REMOVED',
  wrongDevice: 'ADMIN_DEVICE_NOT_REMOVED',
};

export const DELETE_DEVICE: DeviceAction = {
  takes: 'device',
  ofEveryUser: true,
  done: 'ADMIN_DEVICE_DELETED',
  nothingToDo: 'ADMIN_DEVICE_NOT_REMOVED',
  wrongDevice: 'ADMIN_DEVICE_NOT_REMOVED',
};

/**
 * `POST /admin/v1/users/{userId}/devices/{deviceId}/…`: 204, also where there was nothing to take; `device_unknown` where
 * the user is not on the device. Each outcome has its event, with who acted.
 */
export function actOnDevice(dependencies: ApiDependencies, action: DeviceAction): RequestHandler {
  const { userDevices, auditTrail } = dependencies;
  return async (request, response) => {
    const { userId, deviceId } = parse(deviceParameters, request.params);
    const who = agentOf(request, response);
    const devices = await userDevices.list(userId);
    if (!devices.some((device) => device.deviceId === deviceId)) {
      await auditTrail.record({ name: action.wrongDevice, userId, deviceId, ...who });
      throw new AppError('device_unknown');
    }
    const taken = await userDevices.withdraw({
      what: action.takes,
      ...(!action.ofEveryUser && { userId }),
      deviceIds: [deviceId],
      event: action.done,
      pushEvent: action.pushDone,
      ...who,
    });
    if (taken.deviceIds.length === 0) await auditTrail.record({ name: action.nothingToDo, userId, deviceId, ...who });
    await endTransactions(dependencies, taken.endedTransactionIds);
    response.status(204).end();
  };
}
