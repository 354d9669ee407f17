import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { readKeySet } from './read-key-set.ts';

/** Public keys, for whoever checks a receipt. No credentials. */
export function evidenceRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.get('/jwks.json', readKeySet(dependencies));
  refuseOtherMethods(router, '/jwks.json', 'GET');
  return router;
}
