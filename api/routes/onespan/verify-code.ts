import { validate } from 'uuid';
import { isChallengeCodeOf } from '../../../runtime/challenge-code.ts';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { OneSpanUser } from './find-user.ts';

/**
 * Passes for the right code to a challenge of this user, once. An unknown user is refused like a challenge that is
 * unknown, another's, over or used up.
 */
export async function verifyCode(
  { codeChallenges, keyring }: ApiDependencies,
  clientId: string,
  user: OneSpanUser | undefined,
  { requestID, otp }: { readonly requestID: string; readonly otp: string },
): Promise<void> {
  const id = requestID.toLowerCase();
  const isCharged = validate(id) && (await codeChallenges.charge(id, clientId, user?.userId ?? ''));
  if (!isCharged) throw new OneSpanError('request_id_invalid');
  if (!isChallengeCodeOf(keyring, id, otp)) throw new OneSpanError('authentication_failed');
  if (!(await codeChallenges.use(id))) throw new OneSpanError('request_id_invalid');
}
