import { Router } from 'express';
import { requireOwnRequest } from '../../console/own-request.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods, unknownRoute } from '../../unknown-route.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { beginLogIn, finishLogIn } from './oidc-routes.ts';
import { readSession } from './read-session.ts';
import { sayRefusal } from './say-in-page.ts';

/** How operators come in and leave, under `/console/api`. What they do is the administration API. */
export function consoleRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore, requireOwnRequest(dependencies.settings.publicUrl));
  router.get('/session', readSession(dependencies));
  router.delete('/session', logOut(dependencies));
  router.post('/login', readJson(), logIn(dependencies));
  refuseOtherMethods(router, '/session', 'GET', 'DELETE');
  refuseOtherMethods(router, '/login', 'POST');
  router.use(unknownRoute);
  router.use(recordRefusals(dependencies.auditTrail, refusalEventOf));
  return router;
}

/** The way in by an identity provider, for browsers, under `/console/login`; without one the page itself is there. */
export function consoleLogInRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const { oidc } = dependencies.operatorConsole;
  if (!oidc) return router;
  router.use(noStore);
  router.get('/', beginLogIn(dependencies, oidc));
  router.get('/callback', finishLogIn(dependencies, oidc));
  router.use(sayRefusal(dependencies.logger));
  return router;
}

function refusalEventOf(code: string): string | undefined {
  const isRefusedLogIn = code === 'operator_unauthenticated' || code === 'too_many_failures';
  return isRefusedLogIn ? 'ADMIN_OPERATOR_LOGIN_REFUSED' : undefined;
}
