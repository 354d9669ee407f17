import { type RequestHandler, Router } from 'express';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readForm } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { begin } from './begin.ts';
import { cancel } from './cancel.ts';
import { drawOtp } from './draw-otp.ts';
import { isAvailable, listAvailable, listAvailableNames } from './list-available.ts';
import { listCallbacks } from './list-callbacks.ts';
import type { ApiVersion } from './push-target.ts';
import { readReceipt } from './read-receipt.ts';
import { readResult } from './read-result.ts';
import { redeliverCallback } from './redeliver-callback.ts';
import {
  beginRefusal,
  resendRefusal,
  resultRefusal,
  smsCodeRefusal,
  smsResendRefusal,
  surfaceRefusal,
} from './refusal-events.ts';
import { refuseInMultipleMode } from './refuse-in-multiple-mode.ts';
import { requireMobileAuthentication } from './require-feature.ts';
import { resendPush } from './resend-push.ts';
import { resendSms } from './resend-sms.ts';
import { verifySms } from './verify-sms.ts';

/** The vendor's mobile authentication API in one of its versions, and our additions: push resend, cancel, receipt, callbacks, QR code. */
export function mobileAuthenticationRouter(dependencies: ApiDependencies, version: ApiVersion): Router {
  const router = Router();
  router.use(
    noStore,
    readForm(),
    requireClient(dependencies.clients, 'onegini_api_mobile_authentication'),
    requireMobileAuthentication(dependencies.features),
  );
  if (version !== 'v4') router.use(refuseInMultipleMode(dependencies));
  router.post('/user', begin(dependencies, version));
  refuseOtherMethods(router, '/user', 'POST');
  routeAvailability(router, dependencies, version);
  router.post('/user/:userId/push/resend', resendPush(dependencies));
  refuseOtherMethods(router, '/user/:userId/push/resend', 'POST');
  router.post('/user/:userId/sms', verifySms(dependencies));
  refuseOtherMethods(router, '/user/:userId/sms', 'POST');
  router.post('/user/:userId/sms/resend', resendSms(dependencies));
  refuseOtherMethods(router, '/user/:userId/sms/resend', 'POST');
  router.get('/transaction/:transactionId', readResult(dependencies));
  router.delete('/transaction/:transactionId', cancel(dependencies));
  refuseOtherMethods(router, '/transaction/:transactionId', 'GET', 'DELETE');
  routeReading(router, '/transaction/:transactionId/receipt', readReceipt(dependencies));
  routeReading(router, '/transaction/:transactionId/callbacks', listCallbacks(dependencies));
  router.post('/transaction/:transactionId/callbacks/redeliver', redeliverCallback(dependencies));
  refuseOtherMethods(router, '/transaction/:transactionId/callbacks/redeliver', 'POST');
  routeReading(router, '/transaction/:transactionId/otp.svg', drawOtp(dependencies, 'svg'));
  routeReading(router, '/transaction/:transactionId/otp.png', drawOtp(dependencies, 'png'));
  const { auditTrail } = dependencies;
  router.use(recordRefusals(auditTrail, surfaceRefusal));
  router.use(/^\/user$/, recordRefusals(auditTrail, beginRefusal));
  router.use(/^\/user\/[^/]+\/sms$/, recordRefusals(auditTrail, smsCodeRefusal));
  router.use('/user/:userId/sms/resend', recordRefusals(auditTrail, smsResendRefusal));
  router.use('/user/:userId/push/resend', recordRefusals(auditTrail, resendRefusal));
  router.use(/^\/transaction\/[^/]+$/, recordRefusals(auditTrail, resultRefusal));
  return router;
}

function routeAvailability(router: Router, dependencies: ApiDependencies, version: ApiVersion): void {
  if (version === 'v4') {
    routeReading(router, '/user/:userId/enabled', listAvailable(dependencies, version));
    routeReading(router, '/user/:userId/device/:deviceId/enabled', listAvailableNames(dependencies));
  } else if (version === 'v3') {
    routeReading(router, '/user/:userId/enabled', listAvailable(dependencies, version));
    routeReading(router, '/user/:userId/application/:applicationId/enabled', listAvailableNames(dependencies));
  } else {
    routeReading(router, '/user/:userId/enabled', listAvailableNames(dependencies));
    routeReading(router, '/user/:userId/enabled/:type', isAvailable(dependencies));
  }
}

function routeReading(router: Router, path: string, handler: RequestHandler): void {
  router.get(path, handler);
  refuseOtherMethods(router, path, 'GET');
}
