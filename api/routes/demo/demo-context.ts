import type { Request, Response } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { PortalClient, PortalReply } from './portal-client.ts';
import type { Asked, DemoSession, DemoSessions } from './sessions.ts';

/** What every call of the demo bank works with. */
export interface DemoContext {
  readonly portal: PortalClient;
  readonly sessions: DemoSessions;
  readonly publicUrl: string;
  /** Simulators of push and SMS, without a slash at their ends. */
  readonly fcmUrl: string;
  readonly smsUrl: string;
}

/** What this visitor was asked by this transaction; nobody else's is known here. */
export function askedIn(
  { sessions }: DemoContext,
  request: Request,
  response: Response,
): { transactionId: string; asked: Asked; session: DemoSession } {
  const session = sessions.open(request, response);
  const transactionId = String(request.params.transactionId);
  const asked = session.asked.get(transactionId);
  if (!asked) throw new AppError('transaction_unknown');
  return { transactionId, asked, session };
}

/** Passes a refusal of the API on to the page, which says it in its own words. */
export function sendRefusal(response: Response, { status, body }: PortalReply): void {
  response
    .status(status)
    .json({ code: body.error_code ?? body.code ?? null, description: body.error_description ?? null });
}
