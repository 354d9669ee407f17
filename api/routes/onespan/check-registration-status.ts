import type { RequestHandler } from 'express';
import { z } from 'zod';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { findUser } from './find-user.ts';
import { userNameFields, userNameOf } from './user-name.ts';

/** Body of a question for a registration. */
export const statusBody = z.object({ login: userNameFields.userID, domain: userNameFields.domain });

/** `POST /v1/registrations/check-status`: where the last registration of a user stands. Answers at once. */
export function checkRegistrationStatus({ registrations, oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { login, domain } = parse(statusBody, request.body);
    const clientId = clientOf(response).id;
    const user = await findUser(oneSpanDomains, clientId, userNameOf({ userID: login, domain }));
    const proven = user && { userId: user.userId, applicationId: user.domain.applicationId };
    const registration = proven && (await registrations.findLast(proven, clientId));
    response.json({ activationStatus: registration?.status ?? 'unknown' });
  };
}
