import { LRUCache } from 'lru-cache';
import * as openpgp from 'openpgp';
import { padJson } from './device-wire.ts';

/** Parsed keys keep their checked self-signatures; some 9 kB each. */
const MAX_CACHED_KEYS = 2_000;
/** A message may not unfold to more than this, however small it arrives. */
const MAX_PLAIN_BYTES = 1024 * 1024;
/** Makes OpenPGP.js leave its clock out; its types know only some of the places where it takes this. */
const AT_ANY_TIME = null as unknown as Date;
/** How far a new pair of the server is dated back, as phones of other makers may hold it against their own clocks. */
const DATED_BACK_MS = 24 * 60 * 60_000;

export interface ServerPgp {
  /** Armored. */
  readonly publicKey: string;
  /** JSON of `value`, padded, encrypted to the phone and signed by the server: now, or when the younger of their keys was made. */
  sealFor(devicePublicKey: string, value: object): Promise<string>;
  /** Fingerprint of a phone's armored public key, hexadecimal, lower case. */
  fingerprintOf(devicePublicKey: string): Promise<string>;
  /**
   * The JSON inside a message encrypted to the server and signed by this phone; undefined for anything else. It may be
   * signed at any time at which the phone's key was good by its own words, and be past no end that the signature names.
   */
  open(armoredMessage: string, devicePublicKey: string): Promise<unknown>;
}

/** OpenPGP pair of kind v4 curve25519Legacy: the newest that GnuPG and the mobile libraries all read. */
export async function generateServerKey(): Promise<{ publicKey: string; privateKey: string }> {
  return openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'Countersign server' }],
    format: 'armored',
    date: new Date(Date.now() - DATED_BACK_MS),
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
      const encryptionKeys = await deviceKey(devicePublicKey);
      const date = momentFor(encryptionKeys, privateKey);
      const sealed = await openpgp.encrypt({
        message: await openpgp.createMessage({ text: padJson(value), date }),
        encryptionKeys,
        signingKeys: privateKey,
        date,
      });
      return sealed as string;
    },
    fingerprintOf: async (devicePublicKey) => (await deviceKey(devicePublicKey)).getFingerprint(),
    async open(armoredMessage, devicePublicKey) {
      const verificationKey = await deviceKey(devicePublicKey);
      try {
        const { data, signatures } = await openpgp.decrypt({
          message: await openpgp.readMessage({ armoredMessage }),
          decryptionKeys: privateKey,
          verificationKeys: verificationKey,
          expectSigned: true,
          date: AT_ANY_TIME,
          config: { maxDecompressedMessageSize: MAX_PLAIN_BYTES },
        });
        const made = await Promise.all(signatures.map(({ signature }) => signature));
        if (made.some(({ packets }) => packets.some(isPastItsEnd))) return undefined;
        return JSON.parse(data as string);
      } catch {
        // Whatever is wrong with bytes from outside (armor, keys, signature, JSON) has one name: it does not open.
        return undefined;
      }
    },
  };
}

/** True when the text is one armored v4 public key that can encrypt and sign and has not expired, and no private key. */
export async function isUsablePublicKey(armoredKey: string): Promise<boolean> {
  try {
    const key = await openpgp.readKey({ armoredKey });
    if (key.isPrivate() || key.keyPacket.version !== 4) return false;
    const date = momentFor(key);
    await key.getEncryptionKey(undefined, date);
    await key.getSigningKey(undefined, date);
    return true;
  } catch {
    return false;
  }
}

/** Now, or the first moment at which these keys are all good where a wrong clock says that they are yet to be made. */
function momentFor(...keys: readonly openpgp.PublicKey[]): Date {
  const signatures = keys.flatMap(({ users, subkeys }) => [
    ...users.flatMap(({ selfCertifications }) => selfCertifications),
    ...subkeys.flatMap(({ bindingSignatures }) => bindingSignatures),
  ]);
  const made = keys.flatMap((key) => key.getKeys().map(({ keyPacket }) => keyPacket));
  const timesMs = [...made, ...signatures].map(({ created }) => created?.getTime() ?? 0);
  return new Date(Math.max(Date.now(), ...timesMs));
}

function isPastItsEnd(signature: openpgp.SignaturePacket): boolean {
  return Number(signature.getExpirationTime()) <= Date.now();
}
