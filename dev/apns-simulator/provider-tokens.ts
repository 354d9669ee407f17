import { createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import type { ApnsReason } from './reasons.ts';
import type { SigningKey } from './signing-key.ts';

const LIFETIME_SECONDS = 60 * 60;
const CLOCK_SKEW_SECONDS = 5 * 60;
const SHORTEST_UPDATE_MS = 20 * 60_000;

/** Knows the keys of the team, and judges what is signed with them. */
export interface ProviderTokens {
  register(key: SigningKey): void;
  /** As when a key is revoked in the developer account. */
  revoke(keyId: string): void;
  /** Why a push with this header is refused; undefined when it is not. */
  refusalOf(authorization: string | undefined): Promise<ApnsReason | undefined>;
}

interface KnownKey {
  readonly teamId: string;
  readonly publicKey: KeyObject;
  current?: { readonly token: string; readonly sinceMs: number };
}

/** `now` is epoch ms, for tests that let an hour pass. */
export function createProviderTokens(now: () => number): ProviderTokens {
  const keys = new Map<string, KnownKey>();

  async function judge(token: string): Promise<ApnsReason | undefined> {
    const { alg, kid } = decodeProtectedHeader(token);
    const key = typeof kid === 'string' ? keys.get(kid) : undefined;
    if (!key || alg !== 'ES256') return 'InvalidProviderToken';
    // The same token comes with every push: its signature is looked at once.
    if (key.current?.token !== token) await compactVerify(token, key.publicKey, { algorithms: ['ES256'] });
    const { iss, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    if (iss !== key.teamId || !Number.isInteger(iat)) return 'InvalidProviderToken';
    const ageSeconds = now() / 1_000 - iat;
    if (ageSeconds < -CLOCK_SKEW_SECONDS) return 'InvalidProviderToken';
    if (ageSeconds > LIFETIME_SECONDS) return 'ExpiredProviderToken';
    if (key.current?.token === token) return undefined;
    if (key.current && now() - key.current.sinceMs < SHORTEST_UPDATE_MS) return 'TooManyProviderTokenUpdates';
    key.current = { token, sinceMs: now() };
    return undefined;
  }

  return {
    register({ keyId, teamId, privateKey }) {
      keys.set(keyId, { teamId, publicKey: createPublicKey(privateKey) });
    },
    revoke(keyId) {
      keys.delete(keyId);
    },
    async refusalOf(authorization) {
      const [, token] = /^bearer (\S+)$/i.exec(authorization ?? '') ?? [];
      if (token === undefined) return 'MissingProviderToken';
      try {
        return await judge(token);
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError) {
          return 'InvalidProviderToken';
        }
        throw error;
      }
    },
  };
}
