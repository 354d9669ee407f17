import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ApiDependencies } from './dependencies.ts';
import { limitInFlight } from './in-flight-limit.ts';
import { mobileAuthenticationProblemHandler } from './mobile-authentication-problem.ts';
import { problemHandler } from './problem.ts';
import { administrationRouter } from './routes/administration/router.ts';
import { deviceRouter } from './routes/device/router.ts';
import { evidenceRouter } from './routes/evidence/router.ts';
import { mobileAuthenticationRouter } from './routes/mobile-authentication/router.ts';
import { operationsRouter } from './routes/operations/router.ts';
import { unknownRoute } from './unknown-route.ts';

const MOBILE_AUTHENTICATION = '/oauth/api/v4/authenticate';

/** The whole API, not yet listening. Each surface has its own router and its own way to tell errors. */
export function buildServer(dependencies: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(helmet());
  app.use(operationsRouter(dependencies));
  app.use(limitInFlight(dependencies.settings.maxConcurrentRequests));
  app.use('/.well-known', evidenceRouter(dependencies));
  app.use(MOBILE_AUTHENTICATION, mobileAuthenticationRouter(dependencies));
  app.use('/device/v1', deviceRouter(dependencies));
  app.use('/admin/v1', administrationRouter(dependencies));
  app.use(unknownRoute);
  app.use(MOBILE_AUTHENTICATION, mobileAuthenticationProblemHandler(dependencies.logger));
  app.use(problemHandler(dependencies.logger));
  return app;
}
