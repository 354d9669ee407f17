import { Router } from 'express';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readForm } from '../../raw-body.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { begin } from './begin.ts';
import { cancel } from './cancel.ts';
import { drawOtp } from './draw-otp.ts';
import { listAvailable, listAvailableForDevice } from './list-available.ts';
import { readReceipt } from './read-receipt.ts';
import { readResult } from './read-result.ts';
import { resendPush } from './resend-push.ts';

/** The vendor's mobile authentication API, version 4, and our additions: push resend, cancel, receipt and the picture of a code. */
export function mobileAuthenticationRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore, readForm(), requireClient(dependencies.clients, 'onegini_api_mobile_authentication'));
  router.post('/user', begin(dependencies));
  router.get('/user/:userId/enabled', listAvailable(dependencies));
  router.get('/user/:userId/device/:deviceId/enabled', listAvailableForDevice(dependencies));
  router.post('/user/:userId/push/resend', resendPush(dependencies));
  router.get('/transaction/:transactionId', readResult(dependencies));
  router.get('/transaction/:transactionId/receipt', readReceipt(dependencies));
  router.get('/transaction/:transactionId/otp.svg', drawOtp(dependencies, 'svg'));
  router.get('/transaction/:transactionId/otp.png', drawOtp(dependencies, 'png'));
  router.delete('/transaction/:transactionId', cancel(dependencies));
  refuseOtherMethods(router, '/user', 'POST');
  refuseOtherMethods(router, '/user/:userId/enabled', 'GET');
  refuseOtherMethods(router, '/user/:userId/device/:deviceId/enabled', 'GET');
  refuseOtherMethods(router, '/user/:userId/push/resend', 'POST');
  refuseOtherMethods(router, '/transaction/:transactionId', 'GET', 'DELETE');
  refuseOtherMethods(router, '/transaction/:transactionId/receipt', 'GET');
  refuseOtherMethods(router, '/transaction/:transactionId/otp.svg', 'GET');
  refuseOtherMethods(router, '/transaction/:transactionId/otp.png', 'GET');
  return router;
}
