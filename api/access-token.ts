import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { AppError } from '../runtime/errors.ts';
import { identifier } from './identifier.ts';

/** Key sets are fetched from the identity provider, so all of its times are bounded. */
const FETCH_TIMEOUT_MS = 2_000;
/** Tokens with unknown keys can not make us ask more often than this. */
const COOLDOWN_MS = 30_000;
const CACHE_MAX_AGE_MS = 10 * 60_000;
const CLOCK_TOLERANCE_SECONDS = 5;
/** Asymmetric ones alone: a key set is public, so it must never be taken for a shared secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

export interface IdentityProvider {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

/** Says whose access token it is; undefined for one that proves nothing. Throws `unavailable` where the keys can not be had. */
export type VerifyAccessToken = (token: string) => Promise<string | undefined>;

/** Verifies access tokens (JWT) of the operator's identity provider; the user is their `sub`. */
export function createAccessTokenVerifier({ issuer, audience, jwksUrl }: IdentityProvider): VerifyAccessToken {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: CACHE_MAX_AGE_MS,
  });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return identifier.safeParse(payload.sub).data;
    } catch (cause) {
      if (isOutOfReach(cause)) throw new AppError('unavailable', 'identity provider', { cause, retryAfterSeconds: 2 });
      return undefined;
    }
  };
}

/** Told apart by what the token is judged by: an error of jose with a code of its own is about the token. */
function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  const { code } = error;
  return code === errors.JWKSTimeout.code || code === errors.JWKSInvalid.code || code === errors.JOSEError.code;
}
