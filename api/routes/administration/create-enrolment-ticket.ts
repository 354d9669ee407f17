import { createHash, randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { EnrolmentTicket } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { callerOf } from '../../caller.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';

/** Body of a new ticket. */
export const ticketBody = z.object({
  userId: identifier,
  applicationId: identifier,
  /** Long enough to scan a code, short enough that a photo of it is soon worthless. */
  lifetimeSeconds: z.number().int().min(10).max(3_600).default(600),
});

/** `POST /admin/v1/enrolment-tickets`: a one-time ticket by which the named user's phone may enrol. The secret is shown once. */
export function createEnrolmentTicket({ tickets }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { userId, applicationId, lifetimeSeconds } = parse(ticketBody, request.body);
    const secret = randomBytes(32).toString('base64url');
    const created = await tickets.create({
      userId,
      applicationId,
      lifetimeSeconds,
      clientId: clientOf(response).id,
      secretSha256: createHash('sha256').update(secret).digest(),
      caller: callerOf(request),
    });
    if (!created) throw new AppError('request_invalid', 'applicationId');
    const ticket: EnrolmentTicket = {
      reference: created.reference,
      secret,
      userId,
      applicationId,
      expiresAt: created.expiresAt.toISOString(),
    };
    response.status(201).json(ticket);
  };
}
