import { Router } from 'express';
import { bearsToken } from '../../../runtime/bears-token.ts';
import type { ApiDependencies } from '../../dependencies.ts';

/** Health for whoever runs the process: no credentials, no details. Metrics: for who bears their token, if there is one. */
export function operationsRouter(dependencies: ApiDependencies): Router {
  const { pingDatabase, isTemporalUp, isDraining, metrics } = dependencies;
  const { metricsToken } = dependencies.settings;
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
    const draining = isDraining();
    const ready = database && temporal && !draining;
    if (!ready) response.status(503).set('retry-after', '2');
    response.json({ status: ready ? 'ready' : 'not_ready', database, temporal, ...(draining && { draining }) });
  });
  // Without a token there are no metrics, and the path is like any other that does not exist.
  if (metricsToken !== undefined) {
    router.get('/metrics', async (request, response) => {
      if (!bearsToken(request.get('authorization'), metricsToken)) {
        response.status(401).set('www-authenticate', 'Bearer').end();
        return;
      }
      response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    });
  }
  return router;
}
