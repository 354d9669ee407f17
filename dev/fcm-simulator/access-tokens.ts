import { createHmac, createPublicKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { ServiceAccount } from '../service-account.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPES = [
  'https://www.googleapis.com/auth/firebase.messaging',
  'https://www.googleapis.com/auth/cloud-platform',
] as const;
const LIFETIME_SECONDS = 3599;
const LONGEST_ASSERTION_SECONDS = 3600;
const CLOCK_SKEW_SECONDS = 300;

/** Body of the answer to a token request; a refusal goes with status 400. */
export type TokenReply =
  | { readonly ok: true; readonly body: { access_token: string; expires_in: number; token_type: 'Bearer' } }
  | { readonly ok: false; readonly body: { error: string; error_description: string } };

/** Gives access tokens, and knows them again. */
export interface AccessTokens {
  /** Answers a token request (RFC 7523) that came to `audience`. */
  exchange(grantType: unknown, assertion: unknown, audience: string): Promise<TokenReply>;
  isValid(accessToken: string): boolean;
}

/**
 * Access tokens for one service account. They carry their end and a MAC under a key made from the account's, so that
 * those given before a restart go on being valid.
 */
export function createAccessTokens(account: ServiceAccount): AccessTokens {
  const publicKey = createPublicKey(account.private_key);
  const macKey = Buffer.from(hkdfSync('sha256', account.private_key, '', 'access-token', 32));

  function macOf(expiresAtSeconds: number): string {
    return createHmac('sha256', macKey).update(String(expiresAtSeconds)).digest('base64url');
  }

  return {
    async exchange(grantType, assertion, audience) {
      if (grantType !== GRANT_TYPE) return refuse('unsupported_grant_type', 'Invalid grant_type.');
      if (typeof assertion !== 'string') return refuse('invalid_request', 'Missing parameter: assertion');
      const problem = await findProblem(assertion, account, publicKey, audience);
      if (problem) return problem;
      const expiresAtSeconds = Math.floor(Date.now() / 1_000) + LIFETIME_SECONDS;
      const accessToken = `ya29.simulated.${expiresAtSeconds}.${macOf(expiresAtSeconds)}`;
      return { ok: true, body: { access_token: accessToken, expires_in: LIFETIME_SECONDS, token_type: 'Bearer' } };
    },
    isValid(accessToken) {
      const [, expiry = '', mac = ''] = /^ya29\.simulated\.(\d{1,12})\.([\w-]{43})$/.exec(accessToken) ?? [];
      if (mac === '' || Number(expiry) <= Date.now() / 1_000) return false;
      return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(Number(expiry))));
    },
  };
}

async function findProblem(
  assertion: string,
  account: ServiceAccount,
  publicKey: KeyObject,
  audience: string,
): Promise<Extract<TokenReply, { ok: false }> | undefined> {
  try {
    const { payload } = await jwtVerify(assertion, publicKey, {
      algorithms: ['RS256'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['iss', 'aud', 'iat', 'exp'],
    });
    if (payload.iss !== account.client_email) return refuse('invalid_grant', 'Invalid grant: account not found');
    if (payload.aud !== audience) return refuse('invalid_grant', 'Invalid JWT: Failed audience check.');
    const { iat, exp } = payload as { iat: number; exp: number };
    if (exp - iat > LONGEST_ASSERTION_SECONDS || iat > Date.now() / 1_000 + CLOCK_SKEW_SECONDS) return timeframe();
    const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : [];
    if (!SCOPES.some((scope) => scopes.includes(scope))) {
      return refuse('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    }
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return timeframe();
    if (error instanceof errors.JWTClaimValidationFailed) return refuse('invalid_grant', `Invalid JWT: ${error.claim}`);
    if (error instanceof errors.JOSEError) return refuse('invalid_grant', 'Invalid JWT Signature.');
    throw error;
  }
}

function timeframe(): Extract<TokenReply, { ok: false }> {
  return refuse(
    'invalid_grant',
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. ' +
      'Check your iat and exp values in the JWT claim.',
  );
}

function refuse(error: string, description: string): Extract<TokenReply, { ok: false }> {
  return { ok: false, body: { error, error_description: description } };
}
