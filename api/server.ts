import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import { correlationId } from './correlation-id.ts';
import type { ApiDependencies } from './dependencies.ts';
import { closeConnectionsWhile } from './draining.ts';
import { endUserProblemHandler } from './end-user-problem.ts';
import { limitInFlight } from './in-flight-limit.ts';
import { mobileAuthenticationProblemHandler } from './mobile-authentication-problem.ts';
import { oneSpanProblemHandler } from './onespan-problem.ts';
import { problemHandler } from './problem.ts';
import { identifyRequest, logRequests } from './request-log.ts';
import { administrationRouter } from './routes/administration/router.ts';
import { consoleLogInRouter, consoleRouter } from './routes/console/router.ts';
import { demoRouter } from './routes/demo/router.ts';
import { deviceRouter } from './routes/device/router.ts';
import { endUserRouter } from './routes/end-user/router.ts';
import { eventsRouter } from './routes/events/router.ts';
import { evidenceRouter } from './routes/evidence/router.ts';
import { healthRouter } from './routes/health/router.ts';
import { helpdeskRouter } from './routes/helpdesk/router.ts';
import type { ApiVersion } from './routes/mobile-authentication/push-target.ts';
import { mobileAuthenticationRouter } from './routes/mobile-authentication/router.ts';
import { stagesRouter } from './routes/mobile-authentication/stages-router.ts';
import { oneSpanRouter } from './routes/onespan/router.ts';
import { openApiRouter } from './routes/openapi/router.ts';
import { operationsRouter } from './routes/operations/router.ts';
import { smsRouter } from './routes/sms/router.ts';
import { transactionsRouter } from './routes/transactions/router.ts';
import { webRouter } from './routes/web/router.ts';
import { unknownRoute } from './unknown-route.ts';

const MOBILE_AUTHENTICATION_VERSIONS = ['v4', 'v3', 'v2'] as const;
const EVENTS = '/oauth/api/v1/events';
const END_USER = /^\/oauth\/api(?=\/v[134]\/users\/)/;
const ONESPAN = '/v1';

/** The whole API, not yet listening. Each surface has its own router and its own way to tell errors. */
export function buildServer(dependencies: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  if (dependencies.settings.trustProxy !== undefined) app.set('trust proxy', dependencies.settings.trustProxy);
  app.use(helmet());
  app.use(identifyRequest);
  app.use(closeConnectionsWhile(dependencies.isDraining));
  for (const { address, router } of uncountedRoutersOf(dependencies)) app.use(address, router);
  // Before anything that may refuse: each reply is to have its id.
  app.use(ONESPAN, correlationId);
  app.use(dependencies.metrics.measureRequests);
  app.use(logRequests(dependencies.logger));
  app.use(limitInFlight(dependencies.settings.maxConcurrentRequests, dependencies.metrics));
  for (const { address, router } of countedRoutersOf(dependencies)) app.use(address, router);
  const { demoPortal, publicUrl } = dependencies.settings;
  if (demoPortal) app.use('/demo/api', demoRouter(demoPortal, publicUrl));
  app.use('/console/login', consoleLogInRouter(dependencies));
  app.use(webRouter({ withDemo: demoPortal !== undefined, publicUrl }));
  app.use(unknownRoute);
  app.use(END_USER, endUserProblemHandler(dependencies.logger));
  app.use(
    [...MOBILE_AUTHENTICATION_VERSIONS.map(addressOf), EVENTS],
    mobileAuthenticationProblemHandler(dependencies.logger),
  );
  app.use(ONESPAN, oneSpanProblemHandler(dependencies.logger));
  app.use(problemHandler(dependencies.logger));
  return app;
}

/** A router, and where its addresses begin. */
export interface PlacedRouter {
  readonly address: string;
  readonly router: Router;
}

/** Every router before the limit of requests at once: health answers however many there are, and streams last. */
export function uncountedRoutersOf(dependencies: ApiDependencies): readonly PlacedRouter[] {
  return [
    { address: '/', router: operationsRouter(dependencies) },
    { address: addressOf('v4'), router: stagesRouter(dependencies) },
  ];
}

/** Every router behind that limit. */
export function countedRoutersOf(dependencies: ApiDependencies): readonly PlacedRouter[] {
  return [
    { address: '/', router: openApiRouter(dependencies) },
    { address: '/.well-known', router: evidenceRouter(dependencies) },
    ...MOBILE_AUTHENTICATION_VERSIONS.map((version) => ({
      address: addressOf(version),
      router: mobileAuthenticationRouter(dependencies, version),
    })),
    { address: EVENTS, router: eventsRouter(dependencies) },
    { address: '/oauth/api', router: endUserRouter(dependencies) },
    { address: ONESPAN, router: oneSpanRouter(dependencies) },
    { address: '/device/v1', router: deviceRouter(dependencies) },
    { address: '/admin/v1/users', router: helpdeskRouter(dependencies) },
    { address: '/admin/v1/transactions', router: transactionsRouter(dependencies) },
    { address: '/admin/v1', router: healthRouter(dependencies) },
    { address: '/admin/v1', router: administrationRouter(dependencies) },
    { address: '/console/api', router: consoleRouter(dependencies) },
    { address: '/sms/v1', router: smsRouter(dependencies) },
  ];
}

function addressOf(version: ApiVersion): string {
  return `/oauth/api/${version}/authenticate`;
}
