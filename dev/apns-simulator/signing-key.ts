import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { makeServerCertificate, type ServerCertificate } from '../certificates/loopback-certificates.ts';
import { replaceFile } from '../data-folder.ts';

const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What the Apple developer account gives to a team for sending: a key, its id, and the team's. */
export interface SigningKey {
  readonly teamId: string;
  readonly keyId: string;
  /** As in a `.p8` file: PKCS #8, P-256, PEM. */
  readonly privateKey: string;
}

/** What the simulated service is known by. */
export interface ApnsIdentity {
  readonly signingKey: SigningKey;
  readonly certificate: ServerCertificate;
}

/** Settings of a push configuration that leads to the service at these origins, as JSON. */
export function settingsFor(
  { signingKey, certificate }: ApnsIdentity,
  endpoints: { readonly production: string; readonly development: string },
): string {
  return JSON.stringify({ ...signingKey, endpoints, certificateAuthority: certificate.authority });
}

/** A new key of this team, or of a new one. */
export function createSigningKey(teamId = tenLetters()): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { teamId, keyId: tenLetters(), privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

export function createApnsIdentity(): ApnsIdentity {
  return { signingKey: createSigningKey(), certificate: makeServerCertificate(['localhost', '127.0.0.1']) };
}

/** The identity kept at `path`, made the first time; its certificate is made anew before it ends. */
export function keepApnsIdentity(path: string): ApnsIdentity {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ApnsIdentity) : undefined;
  if (kept && kept.certificate.expiresAtMs > Date.now() + RENEW_BEFORE_MS) return kept;
  const made = createApnsIdentity();
  const identity = kept ? { ...kept, certificate: made.certificate } : made;
  replaceFile(path, `${JSON.stringify(identity, null, 2)}\n`);
  return identity;
}

function tenLetters(): string {
  return [...randomBytes(10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
