import { digitsOf } from './derived-digits.ts';
import type { Keyring } from './keyring.ts';
import { isSameText } from './same-text.ts';

const DIGITS = 6;

/**
 * The six digits that go out by SMS and that the portal brings back: derived, so that they stand in no history, log or
 * table and are the same in every resend.
 */
export function smsCodeOf(keyring: Keyring, transactionId: string): string {
  return digitsOf(keyring.lastingMac('sms-code', transactionId), DIGITS);
}

/** What stands for a code that is brought back, so that the code itself stands in no history. */
export function smsCodeMacOf(keyring: Keyring, transactionId: string, given: string): string {
  return keyring.lastingMac('sms-code-comparison', transactionId, given).toString('base64url');
}

/** True when the MAC is of this transaction's code. Takes the same time whichever digits are wrong. */
export function isSmsCodeMac(keyring: Keyring, transactionId: string, codeMac: string): boolean {
  return isSameText(codeMac, smsCodeMacOf(keyring, transactionId, smsCodeOf(keyring, transactionId)));
}
