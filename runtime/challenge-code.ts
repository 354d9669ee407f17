import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from './keyring.ts';

const DIGITS = 8;

/** The code that answers a challenge: derived, so that it stands nowhere (the bias of the remainder is below 2^-37). */
export function challengeCodeOf(keyring: Keyring, requestId: string): string {
  const value = keyring.lastingMac('visual-challenge', requestId).readBigUInt64BE() % 10n ** BigInt(DIGITS);
  return value.toString().padStart(DIGITS, '0');
}

/** True for the code of this challenge; takes as long for a wrong one. */
export function isChallengeCodeOf(keyring: Keyring, requestId: string, code: string): boolean {
  const given = Buffer.from(code);
  const right = Buffer.from(challengeCodeOf(keyring, requestId));
  return given.length === right.length && timingSafeEqual(given, right);
}
