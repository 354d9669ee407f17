import type { Keyring } from './keyring.ts';

/**
 * The number that the portal shows and the user types: derived, so that it stands in no history, log or table, and
 * uniform over its digits (the bias of the remainder is below 2^-44).
 */
export function transactionNumberOf(keyring: Keyring, transactionId: string, digits: number): string {
  const value = keyring.lastingMac('transaction-number', transactionId).readBigUInt64BE() % 10n ** BigInt(digits);
  return value.toString().padStart(digits, '0');
}
