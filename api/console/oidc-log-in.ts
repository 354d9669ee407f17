import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { AppError } from '../../runtime/errors.ts';
import { rememberOne } from '../../runtime/remember.ts';
import { takeTurns } from '../../runtime/take-turns.ts';
import type { ConsoleOperator } from '../ports.ts';
import type { PendingLogIn } from './pending-log-in.ts';
import { claimOf, scopesOfRoles } from './roles-of-claims.ts';

const TIMEOUT_SECONDS = 4;
/** What the provider says of itself, its keys apart, is asked for so often. */
const DISCOVERED_FOR_MS = 10 * 60_000;
const MAX_AT_ONCE = 8;
const MAX_WAITING = 32;
const MAX_NAME_LENGTH = 255;

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly rolesClaim: string;
  /** Where the provider sends browsers back to. */
  readonly redirectUri: string;
}

type Claims = Readonly<Record<string, unknown>>;

export type OidcResult =
  | { readonly ok: true; readonly operator: ConsoleOperator }
  /** `log_in_invalid`: nothing is proven. `role_missing`: it is somebody, who may do nothing here. */
  | { readonly ok: false; readonly refusal: 'log_in_invalid' | 'role_missing'; readonly cause?: unknown };

/** Logs operators in with an OpenID Connect provider: authorization code, PKCE, state and nonce. */
export interface OidcLogIn {
  readonly authority: string;
  /** Where to send the browser, and what to keep of it. Throws `unavailable` where the provider can not be asked. */
  begin(to: string): Promise<{ readonly address: URL; readonly pending: PendingLogIn }>;
  /** Judges what the browser came back with. Throws `unavailable`, and `overloaded` where too many wait. */
  finish(callback: URL, pending: PendingLogIn): Promise<OidcResult>;
}

export function createOidcLogIn(settings: OidcSettings): OidcLogIn {
  const { issuer, clientId, clientSecret, rolesClaim, redirectUri } = settings;
  const authority = `oidc:${JSON.stringify([issuer, clientId])}`;
  const inTurn = takeTurns(MAX_AT_ONCE, MAX_WAITING);
  // A provider of this machine is allowed to have no certificate (runtime/console-config.ts).
  const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  const discover = rememberOne(
    () =>
      discovery(new URL(issuer), clientId, clientSecret, ClientSecretBasic(clientSecret), {
        // The provider's signature counts, not only that TLS led to it.
        execute: [enableNonRepudiationChecks, ...insecure],
        timeout: TIMEOUT_SECONDS,
      }),
    DISCOVERED_FOR_MS,
  );

  async function claimsOf(configuration: Configuration, callback: URL, pending: PendingLogIn): Promise<Claims> {
    const { state: expectedState, nonce: expectedNonce, codeVerifier: pkceCodeVerifier } = pending;
    const checks = { expectedState, expectedNonce, pkceCodeVerifier, idTokenExpected: true };
    const tokens = await authorizationCodeGrant(configuration, callback, checks);
    const claims = tokens.claims();
    if (!claims) throw new ClientError('no ID token');
    const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
    if (claimOf(claims, rolesClaim) !== undefined || !hasMore) return claims;
    return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
  }

  return {
    authority,

    async begin(to) {
      const configuration = await discover().catch(refuseUnavailable);
      const pending = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier(), to };
      const address = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { address, pending };
    },

    finish: (callback, pending) =>
      inTurn(async () => {
        const configuration = await discover().catch(refuseUnavailable);
        try {
          const claims = await claimsOf(configuration, callback, pending);
          const scopes = scopesOfRoles(claimOf(claims, rolesClaim));
          if (scopes.length === 0) return { ok: false, refusal: 'role_missing' };
          const subject = String(claims.sub);
          return { ok: true, operator: { authority, subject, name: nameOf(claims), scopes } };
        } catch (cause) {
          if (isOutOfReach(cause)) refuseUnavailable(cause);
          return { ok: false, refusal: 'log_in_invalid', cause };
        }
      }),
  };
}

/** As pages and events show the operator. */
function nameOf(claims: Claims): string {
  const names = [claims.preferred_username, claims.email, claims.name, claims.sub];
  const shown = names.map((name) => (typeof name === 'string' ? name.replace(/[\p{Cc}\p{Cs}]/gu, '').trim() : ''));
  return (shown.find((name) => name !== '') ?? '').slice(0, MAX_NAME_LENGTH);
}

const OUT_OF_REACH: readonly (string | undefined)[] = [
  ...['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'],
  'OAUTH_PARSE_ERROR',
];

/** Told apart from what a browser brought: the provider does not answer, or does not know us. */
function isOutOfReach(error: unknown): boolean {
  if (error instanceof ResponseBodyError) return error.status >= 500 || error.error === 'invalid_client';
  return error instanceof TypeError || (error instanceof ClientError && OUT_OF_REACH.includes(error.code));
}

function refuseUnavailable(cause: unknown): never {
  throw new AppError('unavailable', 'identity provider', { cause, retryAfterSeconds: 2 });
}
