import type { RequestHandler } from 'express';
import { hexOfMessage } from '../../../runtime/device-wire.ts';
import { clientOf } from '../../client-authentication.ts';
import { sealCodeChallenge } from '../../code-challenge.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { createCodeChallenge } from './create-code-challenge.ts';

/**
 * `POST /v1/users/{user[@domain]}/generate-secure-challenge`: a challenge sealed to the user's phone, to be drawn as a
 * picture. The phone reads it without a connection and shows the code that `login` takes with the `requestID`.
 */
export function generateSecureChallenge(dependencies: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const user = request.params.user as string;
    const { issued, message } = await createCodeChallenge(dependencies, clientOf(response).id, user, null);
    const sealed = await sealCodeChallenge(dependencies, issued, message);
    response.json({ requestID: issued.id, requestMessage: hexOfMessage(sealed) });
  };
}
