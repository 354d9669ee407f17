import { createHash, randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { activationPasswordOf } from '../../../runtime/device-wire.ts';
import { AppError } from '../../../runtime/errors.ts';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import { clientOf } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { staticPassword } from '../../static-password.ts';
import { findUser } from './find-user.ts';
import { serialNumberOf } from './serial-number.ts';
import { userNameFields, userNameOf } from './user-name.ts';

const ACTIVATION_SECONDS = 600;

/** Body of a registration. */
export const registerBody = z.object({ ...userNameFields, staticPassword: staticPassword.optional() });

/**
 * `POST /v1/users/register`: makes the user known, with a static password or without, and begins the registration of a
 * phone: `activationPassword` is a one-time enrolment ticket. A user who is known gets another registration; their
 * password is not for this call to change.
 */
export function registerUser(dependencies: ApiDependencies): RequestHandler {
  const { oneSpanDomains, oneSpanUsers, passwords, tickets } = dependencies;
  return async (request, response) => {
    const body = parse(registerBody, request.body);
    const clientId = clientOf(response).id;
    const user = await findUser(oneSpanDomains, clientId, userNameOf(body));
    if (!user) throw new AppError('request_invalid', 'domain');
    const { userId, domain } = user;
    const password = body.staticPassword;
    const passwordHash = password === undefined ? null : await passwords.hash(userId, password);
    const isNew = await oneSpanUsers.register({ userId, domainName: domain.name, passwordHash });
    if (!isNew && passwordHash !== null) throw new OneSpanError('user_exists');
    const secret = randomBytes(32).toString('base64url');
    const ticket = await tickets.create({
      userId,
      applicationId: domain.applicationId,
      clientId,
      lifetimeSeconds: ACTIVATION_SECONDS,
      secretSha256: createHash('sha256').update(secret).digest(),
    });
    if (!ticket) throw new AppError('internal', 'applicationId');
    const registrationID = ticket.reference;
    response.json({
      registrationID,
      activationPassword: activationPasswordOf({ reference: registrationID, secret }),
      serialNumber: serialNumberOf(registrationID),
    });
  };
}
