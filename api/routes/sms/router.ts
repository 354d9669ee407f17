import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readForm } from '../../raw-body.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { recordTwilioStatus } from './record-twilio-status.ts';

/** Reports of SMS gateways, under `/sms/v1`. Their signature is their credential. */
export function smsRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore);
  router.post('/twilio/status', readForm(), recordTwilioStatus(dependencies));
  refuseOtherMethods(router, '/twilio/status', 'POST');
  return router;
}
