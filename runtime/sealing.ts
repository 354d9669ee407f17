import type { KeyObject } from 'node:crypto';
import { decryptBytes, encryptBytes } from './aes-gcm.ts';
import type { Keyring } from './keyring.ts';

/**
 * Seals a text for one column of one row: `keyId.base64`. Column and row are authenticated with it, so that a value
 * copied to another place does not open.
 */
export function seal(keyring: Keyring, column: string, rowId: string, plain: string): string {
  const key = keyring.encryptionKey('column', keyring.currentId) as KeyObject;
  const sealed = encryptBytes(key, Buffer.from(plain), `${column}/${rowId}`);
  return `${keyring.currentId}.${sealed.toString('base64')}`;
}

/** Opens what {@link seal} made. Throws when the key is not configured, or value and place do not belong together. */
export function unseal(keyring: Keyring, column: string, rowId: string, sealed: string): string {
  const separator = sealed.indexOf('.');
  const key = keyring.encryptionKey('column', sealed.slice(0, separator));
  if (!key) throw new Error(`no configured key opens ${column}`);
  return decryptBytes(key, Buffer.from(sealed.slice(separator + 1), 'base64'), `${column}/${rowId}`).toString();
}
