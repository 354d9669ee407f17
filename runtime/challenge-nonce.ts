import type { Keyring } from './keyring.ts';

/** Nonce of a challenge: derived, so that nothing has to be stored for it, and unknown to whoever has not read the challenge. */
export function challengeNonceOf(keyring: Keyring, transactionId: string, enrolmentId: string): string {
  return keyring.lastingMac('challenge-nonce', transactionId, enrolmentId).toString('base64url');
}
