import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from './keyring.ts';

const DIGITS = 6;
const CODES = 10n ** BigInt(DIGITS);

/**
 * The six digits that go out by SMS and that the portal brings back: derived, so that they stand in no history, log or
 * table and are the same in every resend, and uniform (the bias of the remainder is below 2^-44).
 */
export function smsCodeOf(keyring: Keyring, transactionId: string): string {
  const value = keyring.lastingMac('sms-code', transactionId).readBigUInt64BE() % CODES;
  return value.toString().padStart(DIGITS, '0');
}

/** True when `given` is this transaction's code. Takes the same time whichever digits are wrong. */
export function isSmsCode(keyring: Keyring, transactionId: string, given: string): boolean {
  const expected = Buffer.from(smsCodeOf(keyring, transactionId));
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
