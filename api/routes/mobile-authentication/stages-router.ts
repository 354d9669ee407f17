import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { limitInFlight } from '../../in-flight-limit.ts';
import { noStore } from '../../no-store.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { surfaceRefusal } from './refusal-events.ts';
import { requireMobileAuthentication } from './require-feature.ts';
import { streamStages } from './stream-stages.ts';

const PATH = '/transaction/:transactionId/events';

/** Streams of stages. They last, so they have a limit of their own: counted as requests they would keep the others out. */
export function stagesRouter(dependencies: ApiDependencies): Router {
  const { auditTrail, features, settings } = dependencies;
  const router = Router();
  const { admit, stream } = streamStages(dependencies);
  router.get(
    PATH,
    noStore,
    limitInFlight(settings.maxEventStreams),
    admit,
    requireMobileAuthentication(features),
    stream,
  );
  refuseOtherMethods(router, PATH, 'GET');
  router.use(PATH, recordRefusals(auditTrail, surfaceRefusal));
  return router;
}
