import { digitsOf } from './derived-digits.ts';
import type { Keyring } from './keyring.ts';

/** The number that the portal shows and the user types: derived, so that it stands in no history, log or table. */
export function transactionNumberOf(keyring: Keyring, transactionId: string, digits: number): string {
  return digitsOf(keyring.lastingMac('transaction-number', transactionId), digits);
}
