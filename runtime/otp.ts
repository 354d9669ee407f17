import { type OtpContent, otpText } from './device-wire.ts';
import type { Keyring } from './keyring.ts';
import { isSameText } from './same-text.ts';

/** With the id and the colon the text is a multiple of three bytes, so that its base64 needs no padding. */
const CODE_BYTES = 17;

/** The code by which a phone claims a transaction, in the form that portals show: derived, so that it is stored nowhere. */
export function otpOf(keyring: Keyring, transactionId: string): string {
  return otpText({ transactionId, code: codeOf(keyring, transactionId) });
}

/** True when the code is this transaction's; takes as long for a wrong one. */
export function isOtpOf(keyring: Keyring, { transactionId, code }: OtpContent): boolean {
  return isSameText(code, codeOf(keyring, transactionId));
}

function codeOf(keyring: Keyring, transactionId: string): string {
  return keyring.lastingMac('otp', transactionId).subarray(0, CODE_BYTES).toString('base64url');
}
