import { Router } from 'express';
import type { DemoPortalSettings } from '../../../runtime/config.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { ask } from './ask.ts';
import { askBySms } from './ask-by-sms.ts';
import { cancel } from './cancel.ts';
import type { DemoContext } from './demo-context.ts';
import { drawCode } from './draw-code.ts';
import { equipPhone } from './equip-phone.ts';
import { listSms } from './list-sms.ts';
import { requireOwnOrigin } from './own-origin.ts';
import { createPortalClient } from './portal-client.ts';
import { readAsked } from './read-asked.ts';
import { readReceipt } from './read-receipt.ts';
import { resend } from './resend.ts';
import { endSession, readSession } from './session-routes.ts';
import { createDemoSessions } from './sessions.ts';
import { verifyCode } from './verify-code.ts';

/**
 * The server side of the demo bank: a portal like any other, that happens to live in the api process. It reaches the API
 * over HTTP. For demonstrations on one machine; mounted with `DEMO_PORTAL` alone.
 */
export function demoRouter({ client, fcmUrl, smsUrl }: DemoPortalSettings, publicUrl: string): Router {
  const portal = createPortalClient(publicUrl, client);
  const context: DemoContext = { portal, sessions: createDemoSessions(), publicUrl, fcmUrl, smsUrl };
  const router = Router();
  router.use(noStore, requireOwnOrigin(publicUrl));
  // Told for the sake of the demonstration alone: what counts is the result, and the page asks for that.
  router.post('/callback', (_request, response) => void response.status(204).end());
  router.use(readJson());
  router.get('/session', readSession(context));
  router.delete('/session', endSession(context));
  refuseOtherMethods(router, '/session', 'GET', 'DELETE');
  router.post('/ask', ask(context));
  router.get('/asked/:transactionId', readAsked(context));
  router.get('/asked/:transactionId/code.svg', drawCode(context));
  router.get('/asked/:transactionId/receipt', readReceipt(context));
  router.post('/asked/:transactionId/resend', resend(context));
  router.post('/asked/:transactionId/cancel', cancel(context));
  router.post('/asked/:transactionId/code', verifyCode(context));
  router.post('/asked/:transactionId/sms', askBySms(context));
  router.post('/phones', equipPhone(context));
  router.get('/sms', listSms(context));
  return router;
}
