import { Router } from 'express';
import { ASKING_REFUSALS } from '../../asking-refusals.ts';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { activateDevice } from './activate-device.ts';
import { addDevice } from './add-device.ts';
import { checkRegistrationStatus } from './check-registration-status.ts';
import { generateChallenge } from './generate-challenge.ts';
import { generateSecureChallenge } from './generate-secure-challenge.ts';
import { login } from './login.ts';
import { readSession } from './read-session.ts';
import { readUser } from './read-user.ts';
import { registerUser } from './register-user.ts';
import { renderVisualCode } from './render-visual-code.ts';
import { unregisterUser } from './unregister-user.ts';
import { validateTransaction } from './validate-transaction.ts';

/** What a portal of a OneSpan Cloud Authentication tenant calls, under `/v1`; docs/onespan.md tells how it maps. */
export function oneSpanRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore, requireClient(dependencies.clients, 'countersign_onespan'), readJson());
  router.post('/users/register', registerUser(dependencies));
  router.get('/users/:user', readUser(dependencies));
  router.post('/users/:user/unregister', unregisterUser(dependencies));
  router.post('/users/:user/login', login(dependencies));
  router.post('/users/:user/transactions/validate', validateTransaction(dependencies));
  router.post('/users/:user/generate-secure-challenge', generateSecureChallenge(dependencies));
  router.post('/users/:user/generate-challenge', generateChallenge(dependencies));
  router.get('/sessions/:requestID', readSession(dependencies));
  router.post('/registrations/check-status', checkRegistrationStatus(dependencies));
  router.post('/registrations/:id/add-device', addDevice(dependencies));
  router.post('/registrations/:id/activate', activateDevice(dependencies));
  router.get('/visualcodes/render', renderVisualCode);
  refuseOtherMethods(router, '/users/register', 'POST');
  refuseOtherMethods(router, '/users/:user', 'GET');
  refuseOtherMethods(router, '/users/:user/unregister', 'POST');
  refuseOtherMethods(router, '/users/:user/login', 'POST');
  refuseOtherMethods(router, '/users/:user/transactions/validate', 'POST');
  refuseOtherMethods(router, '/users/:user/generate-secure-challenge', 'POST');
  refuseOtherMethods(router, '/users/:user/generate-challenge', 'POST');
  refuseOtherMethods(router, '/sessions/:requestID', 'GET');
  refuseOtherMethods(router, '/registrations/check-status', 'POST');
  refuseOtherMethods(router, '/registrations/:id/add-device', 'POST');
  refuseOtherMethods(router, '/registrations/:id/activate', 'POST');
  refuseOtherMethods(router, '/visualcodes/render', 'GET');
  router.use(recordRefusals(dependencies.auditTrail, refusalEventOf));
  return router;
}

/** Outcomes have events of their own. */
function refusalEventOf(code: string): string | undefined {
  if (code === 'client_unauthenticated') return 'API_AUTHENTICATION_FAILED';
  if (Object.hasOwn(ASKING_REFUSALS, code)) return ASKING_REFUSALS[code as keyof typeof ASKING_REFUSALS];
  const isNone = ['user_refused', 'timed_out', 'method_not_allowed', 'route_unknown'].includes(code);
  return isNone ? undefined : 'ONESPAN_REFUSED';
}
