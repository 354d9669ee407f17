import type { Keyring } from './keyring.ts';

/**
 * Nonce that a change of the PIN must prove the old PIN over: derived, so that nothing is stored for it, and another one
 * for each PIN key, so that a proof is good for one change only. Tells nothing of the key to whoever lacks the keyring.
 */
export function pinChangeNonceOf(keyring: Keyring, enrolmentId: string, pinPublicKey: string): string {
  return keyring.lastingMac('pin-change-nonce', enrolmentId, pinPublicKey).toString('base64url');
}
