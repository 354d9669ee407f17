import { Router } from 'express';
import { requireMay } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { actOnDevice, DELETE_DEVICE, DISCONNECT, REVOKE_MOBILE_AUTHENTICATION, REVOKE_PUSH } from './act-on-device.ts';
import { listDevices } from './list-devices.ts';
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
  const { clients, auditTrail } = dependencies;
  router.use(noStore);
  router.get('/:userId/devices', requireMay(clients, 'read_users'), listDevices(dependencies));
  refuseOtherMethods(router, '/:userId/devices', 'GET');
  router.post('/:userId/unlock', requireMay(clients, 'manage_devices'), unlockUser(dependencies));
  refuseOtherMethods(router, '/:userId/unlock', 'POST');
  for (const [path, action] of Object.entries(ACTIONS)) {
    const address = `/:userId/devices/:deviceId/${path}`;
    router.post(address, requireMay(clients, 'manage_devices'), actOnDevice(dependencies, action));
    refuseOtherMethods(router, address, 'POST');
  }
  router.use(recordRefusals(auditTrail, refusalEventOf));
  return router;
}

function refusalEventOf(code: string): string | undefined {
  if (code === 'client_unauthenticated') return 'API_AUTHENTICATION_FAILED';
  return code === 'action_forbidden' ? 'HELPDESK_MOBILE_AUTHENTICATION_ENROLLMENT_REVOKE_UNAUTHORIZED' : undefined;
}
