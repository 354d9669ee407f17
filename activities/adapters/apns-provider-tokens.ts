import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ProviderTokenStore, StandingProviderToken } from '../ports.ts';
import type { ApnsSettings } from './apns-settings.ts';

/** Apple refuses a token after 60 minutes, and a new one sooner than 20 minutes after the last. */
const RENEWED_AFTER_MS = 40 * 60_000;
const NOT_SOONER_MS = 20 * 60_000;
/** While the store is out of reach, the known token serves until shortly before its end. */
const GOOD_FOR_MS = 55 * 60_000;

/** The provider token of one signing key (developer.apple.com, "Establishing a token-based connection to APNs"). */
export interface ProviderTokens {
  /**
   * At once where it is known. Rejects with {@link ProviderTokenUnavailable}; callers that come at once share one look
   * into the store.
   */
  current(): string | Promise<string>;
  /** After APNs refused this token: another one, unless Apple does not allow for one yet. */
  replace(refused: string): Promise<string | undefined>;
}

/** The store of provider tokens is out of reach. */
export class ProviderTokenUnavailable extends Error {
  override readonly name = 'ProviderTokenUnavailable';
}

interface Known {
  readonly token: string;
  /** By `performance.now()`: neither clock of this machine nor the store's has to be right. */
  readonly renewAtMs: number;
  readonly goodUntilMs: number;
}

/** Tokens that all workers share through `store`; ES256. */
export function createProviderTokens(
  { teamId, keyId, privateKey }: Pick<ApnsSettings, 'teamId' | 'keyId' | 'privateKey'>,
  store: ProviderTokenStore,
): ProviderTokens {
  const key = createPrivateKey(privateKey);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const signer = [teamId, keyId, createHash('sha256').update(publicKey).digest('base64url')].join('/');
  let known: Known | undefined;
  let underWay: Promise<string> | undefined;

  function remember({ token, issuedAtMs, nowMs }: StandingProviderToken): string {
    const issuedAgoMs = nowMs - issuedAtMs;
    const localNowMs = performance.now();
    const renewAtMs = localNowMs + RENEWED_AFTER_MS - issuedAgoMs;
    known = { token, renewAtMs, goodUntilMs: localNowMs + GOOD_FOR_MS - issuedAgoMs };
    return token;
  }

  async function issue(nowMs: number): Promise<StandingProviderToken> {
    const issuedAtSeconds = Math.floor(nowMs / 1_000);
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setIssuedAt(issuedAtSeconds)
      .sign(key);
    return reach(store.issue(signer, token, issuedAtSeconds * 1_000, NOT_SOONER_MS));
  }

  async function refresh(): Promise<string> {
    const standing = await reach(store.find(signer));
    if (standing.token !== null && standing.nowMs - standing.issuedAtMs < RENEWED_AFTER_MS) return remember(standing);
    return remember(await issue(standing.nowMs));
  }

  async function refreshOrMakeDo(): Promise<string> {
    try {
      return await refresh();
    } catch (error) {
      if (error instanceof ProviderTokenUnavailable && known && performance.now() < known.goodUntilMs) {
        return known.token;
      }
      throw error;
    }
  }

  return {
    current() {
      if (known && performance.now() < known.renewAtMs) return known.token;
      underWay ??= refreshOrMakeDo().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    async replace(refused) {
      const standing = await reach(store.find(signer));
      if (standing.token !== null && standing.token !== refused) return remember(standing);
      if (standing.token !== null && standing.nowMs - standing.issuedAtMs < NOT_SOONER_MS) return undefined;
      const next = await issue(standing.nowMs);
      return next.token === refused ? undefined : remember(next);
    },
  };
}

async function reach<Found>(asked: Promise<Found>): Promise<Found> {
  try {
    return await asked;
  } catch (cause) {
    throw new ProviderTokenUnavailable('the store of provider tokens is out of reach', { cause });
  }
}
