import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { requireMay } from '../../require-may.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { actOnDevice, DELETE_DEVICE, DISCONNECT, REVOKE_MOBILE_AUTHENTICATION, REVOKE_PUSH } from './act-on-device.ts';
import { listDevices } from './list-devices.ts';
import { summariseUser } from './summarise-user.ts';
import { unlockUser } from './unlock-user.ts';

const ACTIONS = {
  'revoke-mobile-authentication': REVOKE_MOBILE_AUTHENTICATION,
  'revoke-push': REVOKE_PUSH,
  disconnect: DISCONNECT,
  delete: DELETE_DEVICE,
} as const;

/** What a helpdesk does for users, under `/admin/v1/users`. */
export function helpdeskRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const { auditTrail } = dependencies;
  router.use(noStore);
  router.get('/:userId/devices', requireMay(dependencies, 'read_users'), listDevices(dependencies));
  refuseOtherMethods(router, '/:userId/devices', 'GET');
  router.get('/:userId/summary', requireMay(dependencies, 'read_users'), summariseUser(dependencies));
  refuseOtherMethods(router, '/:userId/summary', 'GET');
  router.post('/:userId/unlock', requireMay(dependencies, 'manage_devices'), unlockUser(dependencies));
  refuseOtherMethods(router, '/:userId/unlock', 'POST');
  for (const [path, action] of Object.entries(ACTIONS)) {
    const address = `/:userId/devices/:deviceId/${path}`;
    router.post(address, requireMay(dependencies, 'manage_devices'), actOnDevice(dependencies, action));
    refuseOtherMethods(router, address, 'POST');
  }
  router.use(recordRefusals(auditTrail, refusalEventOf));
  return router;
}

function refusalEventOf(code: string): string | undefined {
  if (code === 'client_unauthenticated') return 'API_AUTHENTICATION_FAILED';
  return code === 'action_forbidden' ? 'HELPDESK_MOBILE_AUTHENTICATION_ENROLLMENT_REVOKE_UNAUTHORIZED' : undefined;
}
