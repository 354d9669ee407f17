import { type Request, Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { requireClientOrMay } from '../../require-may.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { exportEvents } from './export-events.ts';
import { listEvents } from './list-events.ts';

/** The vendor's events API, version 1, and our export. */
export function eventsRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const ofOneUser = { action: 'read_events_of_user', userOf: (request: Request) => request.query.user_id } as const;
  router.use(noStore, requireClientOrMay(dependencies, 'onegini_api_events', 'read_events', ofOneUser));
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
