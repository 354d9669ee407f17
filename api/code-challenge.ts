import { challengeCodeOf } from '../runtime/challenge-code.ts';
import type { CodeChallenge } from '../runtime/device-wire.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { IssuedCodeChallenge } from './ports.ts';

/** A challenge with its code, sealed to the one phone that may read it: an armored OpenPGP message. */
export async function sealCodeChallenge(
  { pgp, keyring }: Pick<ApiDependencies, 'pgp' | 'keyring'>,
  issued: IssuedCodeChallenge,
  message: string,
): Promise<string> {
  const challenge: CodeChallenge = {
    purpose: 'code_challenge',
    enrolmentId: issued.enrolmentId,
    message,
    issuedAt: new Date(issued.createdAtMs).toISOString(),
    expiresAt: new Date(issued.expiresAtMs).toISOString(),
    otp: challengeCodeOf(keyring, issued.id),
  };
  return (await pgp.of(issued)).sealFor(issued.pgpPublicKey, challenge);
}
