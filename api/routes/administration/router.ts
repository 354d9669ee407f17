import { Router } from 'express';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { createEnrolmentTicket } from './create-enrolment-ticket.ts';
import { testPushConfiguration } from './test-push-configuration.ts';

/** What portals and operators set up, under `/admin/v1`. */
export function administrationRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore);
  router.post(
    '/enrolment-tickets',
    requireClient(dependencies.clients, 'onegini_api_user_registration'),
    readJson(),
    createEnrolmentTicket(dependencies),
  );
  refuseOtherMethods(router, '/enrolment-tickets', 'POST');
  router.post(
    '/push-configurations/:name/test',
    requireClient(dependencies.clients, 'onegini_api_admin'),
    readJson(),
    testPushConfiguration(dependencies),
  );
  refuseOtherMethods(router, '/push-configurations/:name/test', 'POST');
  router.use('/enrolment-tickets', recordRefusals(dependencies.auditTrail, ticketRefusal));
  return router;
}

function ticketRefusal(code: string): string | undefined {
  if (code === 'client_unauthenticated') return 'API_AUTHENTICATION_FAILED';
  return code === 'method_not_allowed' ? undefined : 'ENROLLMENT_INIT_FAILURE_INVALID_REQ';
}
