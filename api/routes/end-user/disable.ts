import type { RequestHandler } from 'express';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { endTransactions } from '../../end-transactions.ts';
import { parse } from '../../parse.ts';
import type { Withdrawal } from '../../ports.ts';
import { deviceParameters } from './parameters.ts';

const EVENTS = {
  fingerprint: 'API_FINGERPRINT_REMOVED',
  mobile_authentication: 'API_AUTHENTICATION_APP_AND_USER_CLIENT_KEYS_REMOVED',
  push: 'API_AUTHENTICATION_APP_REMOVED',
} as const satisfies Partial<Record<Withdrawal, string>>;

/** `POST …/devices/{deviceId}/disable…`: takes one thing from the user on this device. 204, also where there was nothing to take. */
export function disable(dependencies: ApiDependencies, what: keyof typeof EVENTS): RequestHandler {
  return async (request, response) => {
    const { userId, deviceId } = parse(deviceParameters, request.params);
    const { endedTransactionIds } = await dependencies.userDevices.withdraw({
      what,
      userId,
      deviceIds: [deviceId],
      event: EVENTS[what],
      clientId: clientOf(response).id,
      caller: callerOf(request),
    });
    await endTransactions(dependencies, endedTransactionIds);
    response.status(204).end();
  };
}
