import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What a derived key is for; each purpose has keys of its own. */
export type KeyPurpose =
  | 'payload'
  | 'column'
  | 'challenge-nonce'
  | 'idempotency'
  | 'phone-number-lookup'
  | 'pin-change-nonce'
  | 'push-token-lookup'
  | 'sms-code'
  | 'sms-code-comparison'
  | 'transaction-number'
  | 'otp'
  | 'static-password'
  | 'visual-challenge'
  | 'events-token';

const KEY_BYTES = 32;

/** The installation's secret keys. The current one makes new things, all of them read old ones: that is how keys are rotated. */
export interface Keyring {
  readonly currentId: string;
  /** AES-256 key of this id for this purpose; undefined for an id that is not configured. */
  encryptionKey(purpose: KeyPurpose, keyId: string): KeyObject | undefined;
  /** HMAC-SHA-256 under the oldest key: values that must stay the same across a rotation. */
  lastingMac(purpose: KeyPurpose, ...parts: readonly string[]): Buffer;
}

/**
 * Reads `id:base64,id:base64,…` (32 bytes each, newest first). The first one makes new things; one with `+` before its id
 * only reads, so that every process knows a key before any of them uses it.
 * Throws an error that names the faulty position and never prints a value.
 */
export function parseKeyring(keys: string): Keyring {
  const masters = new Map<string, Buffer>();
  let currentId: string | undefined;
  let lastForReading = -1;
  for (const [index, entry] of keys.trim().split(',').entries()) {
    const separator = entry.indexOf(':');
    const name = entry.slice(0, separator).trim();
    const isForReading = name.startsWith('+');
    const id = isForReading ? name.slice(1) : name;
    const text = entry.slice(separator + 1).trim();
    // Node passes over what is not base64; a key must be exactly what was written.
    const key = /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined;
    if (separator < 1 || !/^[A-Za-z0-9_-]{1,32}$/.test(id) || key?.length !== KEY_BYTES || masters.has(id)) {
      throw new Error(`entry ${index + 1} must be id:base64 with a new id and a key of ${KEY_BYTES} bytes`);
    }
    masters.set(id, key);
    if (!isForReading) currentId ??= id;
    // Lookups that must not change hang on the last one, which has been in use for longest.
    if (isForReading) lastForReading = index;
  }
  if (currentId === undefined || lastForReading === masters.size - 1) {
    throw new Error('the last entry must be in use, and not be marked with +');
  }
  return createKeyring(masters, currentId);
}

function createKeyring(masters: ReadonlyMap<string, Buffer>, currentId: string): Keyring {
  // As key objects: Node would make one anew from a buffer for each use.
  const derived = new Map<string, KeyObject>();
  const ids = [...masters.keys()];
  const oldestId = ids[ids.length - 1] as string;

  function derive(purpose: KeyPurpose, keyId: string): KeyObject | undefined {
    const name = `${purpose}/${keyId}`;
    const known = derived.get(name);
    if (known) return known;
    const master = masters.get(keyId);
    if (!master) return undefined;
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', master, '', `countersign/${purpose}`, KEY_BYTES)));
    derived.set(name, key);
    return key;
  }

  return {
    currentId,
    encryptionKey: derive,
    lastingMac(purpose, ...parts) {
      const mac = createHmac('sha256', derive(purpose, oldestId) as KeyObject);
      // Length before content, so that ('ab','c') and ('a','bc') differ.
      for (const part of parts) mac.update(`${Buffer.byteLength(part)}:${part}`);
      return mac.digest();
    },
  };
}
