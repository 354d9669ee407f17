import { Router } from 'express';
import { requireClientWith } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { deleteAuthenticationApp, listAuthenticationApps } from './authentication-apps.ts';
import { deleteAllDevices, deleteDevice, deleteSomeDevices } from './delete-devices.ts';
import { disable } from './disable.ts';
import { listDevices } from './list-devices.ts';

/** The vendor's end user API: devices in versions 3 and 4, and what came before them. */
export function endUserRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const admitted = requireClientWith(dependencies.clients, 'onegini_api_end_user', 'end_user_api');
  for (const version of ['v3', 'v4'] as const) {
    const devices = `/${version}/users/:userId/devices`;
    router.use(devices, noStore, admitted);
    router.get(devices, listDevices(dependencies, version));
    router.post(devices, readJson(), deleteSomeDevices(dependencies));
    router.delete(devices, deleteAllDevices(dependencies));
    router.delete(`${devices}/:deviceId`, deleteDevice(dependencies));
    router.post(`${devices}/:deviceId/disableFingerprint`, disable(dependencies, 'fingerprint'));
    router.post(`${devices}/:deviceId/disableMobileAuthentication`, disable(dependencies, 'mobile_authentication'));
    router.post(`${devices}/:deviceId/disablePushAuthentication`, disable(dependencies, 'push'));
    refuseOtherMethods(router, devices, 'GET', 'POST', 'DELETE');
    refuseOtherMethods(router, `${devices}/:deviceId`, 'DELETE');
    refuseOtherMethods(router, `${devices}/:deviceId/disableFingerprint`, 'POST');
    refuseOtherMethods(router, `${devices}/:deviceId/disableMobileAuthentication`, 'POST');
    refuseOtherMethods(router, `${devices}/:deviceId/disablePushAuthentication`, 'POST');
  }
  const apps = '/v1/users/:userId/authentication/apps';
  router.use(apps, noStore, admitted);
  router.get(apps, listAuthenticationApps(dependencies));
  router.delete(`${apps}/:applicationInstanceId`, deleteAuthenticationApp(dependencies));
  refuseOtherMethods(router, apps, 'GET');
  refuseOtherMethods(router, `${apps}/:applicationInstanceId`, 'DELETE');
  router.use(
    recordRefusals(dependencies.auditTrail, (code) =>
      code === 'client_unauthenticated' || code === 'action_forbidden' ? 'API_AUTHENTICATION_FAILED' : undefined,
    ),
  );
  return router;
}
