import { digitsOf } from './derived-digits.ts';
import type { Keyring } from './keyring.ts';
import { isSameText } from './same-text.ts';

const DIGITS = 8;

/** The code that answers a challenge: derived, so that it stands nowhere. */
export function challengeCodeOf(keyring: Keyring, requestId: string): string {
  return digitsOf(keyring.lastingMac('visual-challenge', requestId), DIGITS);
}

/** True for the code of this challenge; takes as long for a wrong one. */
export function isChallengeCodeOf(keyring: Keyring, requestId: string, code: string): boolean {
  return isSameText(code, challengeCodeOf(keyring, requestId));
}
