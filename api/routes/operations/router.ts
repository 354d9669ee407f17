import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';

/** Health for whoever runs the process. No credentials, no details. */
export function operationsRouter({ pingDatabase, isTemporalUp }: ApiDependencies): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const database = await pingDatabase().then(
      () => true,
      () => false,
    );
    const temporal = isTemporalUp();
    const ready = database && temporal;
    if (!ready) response.status(503).set('retry-after', '2');
    response.json({ status: ready ? 'ready' : 'not_ready', database, temporal });
  });
  return router;
}
