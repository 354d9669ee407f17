import type { DeviceSigningKey } from '../runtime/device-wire.ts';

/**
 * A P-256 key pair. Its private half is the JWK's `d`, or, where the store can keep such keys, a key that the platform uses
 * and gives out to nobody, scripts of the origin included.
 */
export type PrivateSigningKey = DeviceSigningKey & ({ readonly d: string } | { readonly handle: CryptoKey });

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** The private half as WebCrypto uses it; it can not be exported. */
export async function importSigningKey(key: PrivateSigningKey): Promise<CryptoKey> {
  if ('handle' in key) return key.handle;
  return crypto.subtle.importKey('jwk', { ...key, ext: false }, ALGORITHM, false, ['sign']);
}

/** The same key pair, its private half out of reach. */
export async function hidePrivateHalf(key: PrivateSigningKey): Promise<PrivateSigningKey> {
  const { kty, crv, x, y } = key;
  return { kty, crv, x, y, handle: await importSigningKey(key) };
}
