import { exportJWK, generateKeyPair } from 'jose';
import { generateKey, type PrivateKey, type PublicKey, readKey, readPrivateKey } from 'openpgp';
import type { DeviceSigningKey } from '../runtime/device-wire.ts';
import type { DeviceKeys } from './device-store.ts';
import { importSigningKey } from './signing-key.ts';

/** How far a new pair is dated back: servers of older versions hold it against their clocks, and this phone's may be wrong. */
const DATED_BACK_MS = 24 * 60 * 60_000;

/** Makes the two key pairs of a phone. `name` becomes the OpenPGP user id: the device id, nothing personal. */
export async function generateDeviceKeys(name: string, nowMs: number): Promise<DeviceKeys> {
  const [pgp, signing] = await Promise.all([
    generateKey({
      type: 'ecc',
      curve: 'curve25519Legacy',
      userIDs: [{ name }],
      format: 'armored',
      date: new Date(nowMs - DATED_BACK_MS),
      config: { v6Keys: false },
    }),
    generateKeyPair('ES256', { extractable: true }),
  ]);
  const { x, y, d } = await exportJWK(signing.privateKey);
  if (!x || !y || !d) throw new Error('the signing key can not be exported');
  return {
    pgpPrivateKey: pgp.privateKey,
    pgpPublicKey: pgp.publicKey,
    signingKey: { kty: 'EC', crv: 'P-256', x, y, d },
  };
}

/** The public half, as it goes to the server. */
export function publicSigningKey({ kty, crv, x, y }: DeviceSigningKey): DeviceSigningKey {
  return { kty, crv, x, y };
}

/** Keys in the form that the libraries use. */
export interface KeyCache {
  pgpPrivateKey(armored: string): Promise<PrivateKey>;
  pgpPublicKey(armored: string): Promise<PublicKey>;
  signingKey(key: DeviceKeys['signingKey']): Promise<CryptoKey>;
}

/** Parses each key once; a client has one of each kind, so the last one is all it keeps. */
export function createKeyCache(): KeyCache {
  return {
    pgpPrivateKey: rememberLast((armoredKey) => readPrivateKey({ armoredKey })),
    pgpPublicKey: rememberLast((armoredKey) => readKey({ armoredKey })),
    signingKey: rememberLast(importSigningKey),
  };
}

function rememberLast<Source, Key>(parse: (source: Source) => Promise<Key>): (source: Source) => Promise<Key> {
  let last: { readonly name: string; readonly key: Promise<Key> } | undefined;
  return (source) => {
    const name = JSON.stringify(source);
    if (last?.name !== name) last = { name, key: parse(source) };
    return last.key;
  };
}
