import { Router } from 'express';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { exportEvents } from './export-events.ts';
import { listEvents } from './list-events.ts';

/** The vendor's events API, version 1, and our export. */
export function eventsRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore, requireClient(dependencies.clients, 'onegini_api_events'));
  router.get('/', listEvents(dependencies));
  router.get('/export', exportEvents(dependencies));
  refuseOtherMethods(router, '/', 'GET');
  refuseOtherMethods(router, '/export', 'GET');
  router.use(
    recordRefusals(dependencies.auditTrail, (code) =>
      code === 'client_unauthenticated' ? 'API_AUTHENTICATION_FAILED' : undefined,
    ),
  );
  return router;
}
