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

/** What stands for a code that is brought back, so that the code itself stands in no history. */
export function smsCodeMacOf(keyring: Keyring, transactionId: string, given: string): string {
  return keyring.lastingMac('sms-code-comparison', transactionId, given).toString('base64url');
}

/** True when the MAC is of this transaction's code. Takes the same time whichever digits are wrong. */
export function isSmsCodeMac(keyring: Keyring, transactionId: string, codeMac: string): boolean {
  const expected = Buffer.from(smsCodeMacOf(keyring, transactionId, smsCodeOf(keyring, transactionId)));
  const given = Buffer.from(codeMac);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
