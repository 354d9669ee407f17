import type { RequestHandler } from 'express';
import { z } from 'zod';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { findActivated } from './find-activated.ts';
import { nameUser } from './find-user.ts';
import { serialNumberOf } from './serial-number.ts';

/** The phone has proven itself to the server at enrolment, so that its code has no part to play here. */
export const addDeviceBody = z.object({ deviceCode: z.string().min(1).max(256) });

/** `POST /v1/registrations/{id}/add-device`: tells of the phone that has enrolled with the activation password. */
export function addDevice({ registrations, oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    parse(addDeviceBody, request.body);
    const registration = await findActivated(registrations, request.params.id, clientOf(response).id);
    response.json({
      registrationID: registration.reference,
      serialNumber: serialNumberOf(registration.reference),
      ...(await nameUser(oneSpanDomains, registration.userId)),
      activationType: 'onlineMDL',
      deviceType: registration.platform,
      deviceStatus: 'active',
    });
  };
}
