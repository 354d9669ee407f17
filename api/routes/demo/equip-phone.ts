import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';
import { callSimulator } from './call-simulator.ts';
import type { DemoContext } from './demo-context.ts';

/** The application of the demonstration (dev/demo-data.ts). */
const APPLICATION = 'demo-app';

const schema = z.strictObject({ userId: identifier });

/** `POST /phones`: a ticket and a push token of the simulated provider: what a virtual phone needs to enrol. */
export function equipPhone({ portal, fcmUrl }: DemoContext): RequestHandler {
  return async (request, response) => {
    const { userId } = parse(schema, request.body);
    const [ticket, registration] = await Promise.all([
      portal.postJson('/admin/v1/enrolment-tickets', { userId, applicationId: APPLICATION }),
      callSimulator('POST', `${fcmUrl}/simulator/registrations`),
    ]);
    if (ticket.status !== 201) throw new AppError('unavailable');
    response.status(201).json({ ticket: ticket.body, pushToken: (registration as { token: string }).token });
  };
}
