import { v7 as uuidv7 } from 'uuid';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { IssuedCodeChallenge } from '../../ports.ts';
import { findUser } from './find-user.ts';

/** The vendor's longest timeout, for domains that set none. */
const LONGEST_SECONDS = 300;

/** A challenge for the user's phone, with what it is to show; refused alike for whoever is unknown or has no phone. */
export async function createCodeChallenge(
  { oneSpanDomains, codeChallenges }: ApiDependencies,
  clientId: string,
  name: string,
  digits: string | null,
): Promise<{ readonly issued: IssuedCodeChallenge; readonly message: string }> {
  const user = await findUser(oneSpanDomains, clientId, name);
  if (!user) throw new OneSpanError('no_authenticator');
  const { applicationId, challengeSeconds, loginText } = user.domain;
  const issued = await codeChallenges.create({
    id: uuidv7(),
    clientId,
    userId: user.userId,
    applicationId,
    lifetimeSeconds: challengeSeconds || LONGEST_SECONDS,
    digits,
  });
  if (!issued) throw new OneSpanError('no_authenticator');
  return { issued, message: loginText };
}
