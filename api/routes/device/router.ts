import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireDevice } from '../../device-authentication.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { answer } from './answer.ts';
import { enrol } from './enrol.ts';
import { fetchChallenge } from './fetch-challenge.ts';
import { listPending } from './list-pending.ts';

/** What phones call, under `/device/v1` (runtime/device-wire.ts has the shapes). */
export function deviceRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const admitted = requireDevice(dependencies.enrolments, dependencies.settings.publicUrl);
  router.use(noStore, readJson());
  router.post('/enrolments', enrol(dependencies));
  router.get('/transactions', admitted, listPending(dependencies));
  router.post('/transactions/:transactionId/fetch', admitted, fetchChallenge(dependencies));
  router.post('/transactions/:transactionId/answer', admitted, answer(dependencies));
  refuseOtherMethods(router, '/enrolments', 'POST');
  refuseOtherMethods(router, '/transactions', 'GET');
  refuseOtherMethods(router, '/transactions/:transactionId/fetch', 'POST');
  refuseOtherMethods(router, '/transactions/:transactionId/answer', 'POST');
  return router;
}
