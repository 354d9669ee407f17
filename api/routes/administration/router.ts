import { Router } from 'express';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { requireMay } from '../../require-may.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { removePreviousSecret, rotateClientSecret } from './client-secrets.ts';
import { createEnrolmentTicket } from './create-enrolment-ticket.ts';
import { listOneSpanDomains, putOneSpanDomain, readOneSpanDomain } from './onespan-domain.ts';
import { previewTranslation } from './preview-translation.ts';
import { addResourceRoutes } from './resource-routes.ts';
import { listKeys, rotateEvidenceKey } from './server-keys.ts';
import { setStaticPassword } from './set-static-password.ts';
import { testPushConfiguration } from './test-push-configuration.ts';

/** What portals and operators set up, under `/admin/v1`. */
export function administrationRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const { clients, administered } = dependencies;
  router.use(noStore);
  router.post(
    '/enrolment-tickets',
    requireClient(clients, 'onegini_api_user_registration'),
    readJson(),
    createEnrolmentTicket(dependencies),
  );
  refuseOtherMethods(router, '/enrolment-tickets', 'POST');
  const mayWriteConfiguration = requireMay(dependencies, 'write_configuration');
  const mayWriteClients = requireMay(dependencies, 'write_clients');
  router.post('/api-clients/:id/secret', mayWriteClients, readJson(), rotateClientSecret(dependencies));
  router.delete('/api-clients/:id/previous-secret', mayWriteClients, removePreviousSecret(dependencies));
  refuseOtherMethods(router, '/api-clients/:id/secret', 'POST');
  refuseOtherMethods(router, '/api-clients/:id/previous-secret', 'DELETE');
  router.post(
    '/push-configurations/:name/test',
    mayWriteConfiguration,
    readJson(),
    testPushConfiguration(dependencies),
  );
  refuseOtherMethods(router, '/push-configurations/:name/test', 'POST');
  router.get('/keys', requireMay(dependencies, 'read_keys'), listKeys(dependencies));
  router.post('/keys/evidence/rotate', requireMay(dependencies, 'rotate_keys'), rotateEvidenceKey(dependencies));
  refuseOtherMethods(router, '/keys', 'GET');
  refuseOtherMethods(router, '/keys/evidence/rotate', 'POST');
  const mayReadConfiguration = requireMay(dependencies, 'read_configuration');
  router.post('/translations/preview', mayReadConfiguration, readJson(), previewTranslation(dependencies));
  for (const resource of administered) addResourceRoutes(router, dependencies, resource);
  router.use('/enrolment-tickets', recordRefusals(dependencies.auditTrail, ticketRefusal));
  const administrator = requireClient(dependencies.clients, 'onegini_api_admin');
  router.get('/onespan-domains', mayReadConfiguration, listOneSpanDomains(dependencies));
  router.get('/onespan-domains/:name', mayReadConfiguration, readOneSpanDomain(dependencies));
  router.put('/onespan-domains/:name', mayWriteConfiguration, readJson(), putOneSpanDomain(dependencies));
  refuseOtherMethods(router, '/onespan-domains', 'GET');
  router.put('/users/:user/static-password', administrator, readJson(), setStaticPassword(dependencies));
  refuseOtherMethods(router, '/onespan-domains/:name', 'GET', 'PUT');
  refuseOtherMethods(router, '/users/:user/static-password', 'PUT');
  return router;
}

function ticketRefusal(code: string): string | undefined {
  if (code === 'client_unauthenticated') return 'API_AUTHENTICATION_FAILED';
  return code === 'method_not_allowed' ? undefined : 'ENROLLMENT_INIT_FAILURE_INVALID_REQ';
}
