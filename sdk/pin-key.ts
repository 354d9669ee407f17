import { argon2id } from 'hash-wasm';

/**
 * A PIN key as the phone keeps it: the seed of an Ed25519 key under a mask made of the PIN. There is no redundancy in it:
 * every PIN unmasks some seed, so whoever has the phone alone can not tell a right guess from a wrong one.
 */
export interface MaskedPinKey {
  /** Base64url, 16 bytes. */
  readonly salt: string;
  /** Base64url, 32 bytes. */
  readonly maskedSeed: string;
}

/** OWASP's minimum for Argon2id. */
const ARGON2 = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32, outputType: 'binary' } as const;
/** PKCS#8 of an Ed25519 private key up to its 32 bytes of seed (RFC 8410). */
const PKCS8_PREFIX = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);

export interface NewPinKey {
  readonly kept: MaskedPinKey;
  /** Ed25519, base64url; for the server alone: the phone must not keep it. */
  readonly publicKey: string;
  /** Signs while the key is at hand; base64url. */
  sign(statement: string): Promise<string>;
}

/** Makes a PIN key. */
export async function createPinKey(pin: string): Promise<NewPinKey> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await importSeed(seed, true);
  const { x } = await crypto.subtle.exportKey('jwk', key);
  if (!x) throw new Error('the PIN key has no public half');
  const maskedSeed = xor(seed, await maskOf(pin, salt));
  const kept = { salt: toBase64url(salt), maskedSeed: toBase64url(maskedSeed) };
  return { kept, publicKey: x, sign: (statement) => sign(key, statement) };
}

/** Signs with whatever key this PIN unmasks; only the server can tell whether it is the right one. Base64url. */
export async function signWithPin(kept: MaskedPinKey, pin: string, statement: string): Promise<string> {
  const seed = xor(fromBase64url(kept.maskedSeed), await maskOf(pin, fromBase64url(kept.salt)));
  return sign(await importSeed(seed, false), statement);
}

async function sign(key: CryptoKey, statement: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(statement))));
}

function maskOf(pin: string, salt: Uint8Array): Promise<Uint8Array> {
  return argon2id({ password: pin, salt, ...ARGON2 });
}

function importSeed(seed: Uint8Array, extractable: boolean): Promise<CryptoKey> {
  const pkcs8 = new Uint8Array(PKCS8_PREFIX.length + seed.length);
  pkcs8.set(PKCS8_PREFIX);
  pkcs8.set(seed, PKCS8_PREFIX.length);
  return crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', extractable, ['sign']);
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ (right[index] as number));
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
}
