import type { RequestHandler } from 'express';
import { z } from 'zod';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { findActivated } from './find-activated.ts';

/** The phone has signed with its keys at enrolment, so that this signature has no part to play here. */
export const activateBody = z.object({ signature: z.string().min(1).max(256) });

/** `POST /v1/registrations/{id}/activate`: passes once the phone has enrolled, which is what activates it. */
export function activateDevice({ registrations }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    parse(activateBody, request.body);
    const { reference, status } = await findActivated(registrations, request.params.id, clientOf(response).id);
    response.json({ registrationID: reference, activationStatus: status });
  };
}
