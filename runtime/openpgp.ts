import { LRUCache } from 'lru-cache';
import * as openpgp from 'openpgp';
import { padJson } from './device-wire.ts';

/** Parsed keys keep their checked self-signatures; some 9 kB each. */
const MAX_CACHED_KEYS = 2_000;
/** A message may not unfold to more than this, however small it arrives. */
const MAX_PLAIN_BYTES = 1024 * 1024;
/** How far a phone's clock may run ahead before its signatures would count as made in the future. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface ServerPgp {
  /** Armored. */
  readonly publicKey: string;
  /** JSON of `value`, padded, encrypted to the phone and signed by the server. */
  sealFor(devicePublicKey: string, value: object): Promise<string>;
  /** Fingerprint of a phone's armored public key, hexadecimal, lower case. */
  fingerprintOf(devicePublicKey: string): Promise<string>;
  /** The JSON inside a message encrypted to the server and signed by this phone; undefined for anything else. */
  open(armoredMessage: string, devicePublicKey: string): Promise<unknown>;
}

/** OpenPGP pair of kind v4 curve25519Legacy: the newest that GnuPG and the mobile libraries all read. */
export async function generateServerKey(): Promise<{ publicKey: string; privateKey: string }> {
  return openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'Countersign server' }],
    format: 'armored',
  });
}

/** `maxCachedKeys`: of how many phones the parsed key is kept. */
export async function createServerPgp(
  pair: { readonly publicKey: string; readonly privateKey: string },
  { maxCachedKeys = MAX_CACHED_KEYS }: { readonly maxCachedKeys?: number } = {},
): Promise<ServerPgp> {
  const privateKey = await openpgp.readPrivateKey({ armoredKey: pair.privateKey });
  const deviceKeys = new LRUCache<string, openpgp.PublicKey>({ max: maxCachedKeys });

  async function deviceKey(armoredKey: string): Promise<openpgp.PublicKey> {
    const cached = deviceKeys.get(armoredKey);
    if (cached) return cached;
    const key = await openpgp.readKey({ armoredKey });
    deviceKeys.set(armoredKey, key);
    return key;
  }

  return {
    publicKey: pair.publicKey,
    async sealFor(devicePublicKey, value) {
      const message = await openpgp.createMessage({ text: padJson(value) });
      const sealed = await openpgp.encrypt({
        message,
        encryptionKeys: await deviceKey(devicePublicKey),
        signingKeys: privateKey,
      });
      return sealed as string;
    },
    fingerprintOf: async (devicePublicKey) => (await deviceKey(devicePublicKey)).getFingerprint(),
    async open(armoredMessage, devicePublicKey) {
      const verificationKey = await deviceKey(devicePublicKey);
      try {
        const { data } = await openpgp.decrypt({
          message: await openpgp.readMessage({ armoredMessage }),
          decryptionKeys: privateKey,
          verificationKeys: verificationKey,
          expectSigned: true,
          date: new Date(Date.now() + CLOCK_TOLERANCE_MS),
          config: { maxDecompressedMessageSize: MAX_PLAIN_BYTES },
        });
        return JSON.parse(data as string);
      } catch {
        // Whatever is wrong with bytes from outside (armor, keys, signature, JSON) has one name: it does not open.
        return undefined;
      }
    },
  };
}

/** True when the text is one armored v4 public key that can encrypt and sign, and no private key. */
export async function isUsablePublicKey(armoredKey: string): Promise<boolean> {
  try {
    const key = await openpgp.readKey({ armoredKey });
    if (key.isPrivate() || key.keyPacket.version !== 4) return false;
    await key.getEncryptionKey();
    await key.getSigningKey();
    return true;
  } catch {
    return false;
  }
}
