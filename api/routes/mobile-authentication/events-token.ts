import type { Keyring } from '../../../runtime/keyring.ts';
import { isSameText } from '../../../runtime/same-text.ts';

/** The token by which a page may hear the stages of one transaction, and do nothing else. Derived, so that it is stored nowhere. */
export function eventsTokenOf(keyring: Keyring, transactionId: string): string {
  return keyring.lastingMac('events-token', transactionId).toString('base64url');
}

/** Takes as long for a wrong token. */
export function isEventsTokenOf(keyring: Keyring, transactionId: string, token: string): boolean {
  return isSameText(token, eventsTokenOf(keyring, transactionId));
}
