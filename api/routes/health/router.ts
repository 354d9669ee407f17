import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { requireMay } from '../../require-may.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { readHealth } from './read-health.ts';
import { releaseAddress } from './release-address.ts';

/** How things are going, and what an operator does about it. */
export function healthRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const RELEASE = '/quarantined-addresses/release';
  router.get('/health', noStore, requireMay(dependencies, 'read_health'), readHealth(dependencies));
  refuseOtherMethods(router, '/health', 'GET');
  const mayRelease = requireMay(dependencies, 'redeliver_callbacks');
  router.post(RELEASE, noStore, mayRelease, readJson(), releaseAddress(dependencies));
  refuseOtherMethods(router, RELEASE, 'POST');
  return router;
}
