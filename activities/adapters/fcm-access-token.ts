import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Dispatcher, request } from 'undici';
import { orAborted } from '../../runtime/or-aborted.ts';
import { readJson } from './read-json.ts';

/** The parts of a Google service account key that are needed. */
export interface ServiceAccount {
  readonly project_id: string;
  readonly private_key_id: string;
  /** PEM. */
  readonly private_key: string;
  readonly client_email: string;
  readonly token_uri: string;
}

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const ASSERTION_LIFETIME_SECONDS = 3_600;
/** Renewed this long before its end, so that no token dies on its way. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** Longer than any push waits: a token that comes late still serves the next ones. */
const TOKEN_TIMEOUT_MS = 8_000;

export interface AccessToken {
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

export interface AccessTokens {
  /** A token that is good for some minutes at least. Throws when the token server refuses or `deadline` is over. */
  current(deadline: AbortSignal): Promise<AccessToken>;
  /** Forgets this token, after the provider refused it; a fresher one stays. */
  forget(refused: AccessToken): void;
  /** Gives up a request that is still under way. */
  close(): void;
}

/**
 * OAuth 2.0 access tokens by JWT bearer (RFC 7523). Callers that come at once share one request, which has a deadline of
 * its own: a caller that gives up takes nobody with it.
 */
export function createAccessTokens(account: ServiceAccount, dispatcher: Dispatcher): AccessTokens {
  const signingKey = createPrivateKey(account.private_key);
  let known: AccessToken | undefined;
  let underWay: Promise<AccessToken> | undefined;
  const closed = new AbortController();

  async function fetchToken(): Promise<AccessToken> {
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime(`${ASSERTION_LIFETIME_SECONDS}s`)
      .sign(signingKey);
    const response = await request(account.token_uri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
      signal: AbortSignal.any([closed.signal, AbortSignal.timeout(TOKEN_TIMEOUT_MS)]),
      dispatcher,
    });
    const body = (await readJson(response.body)) as { access_token?: unknown; expires_in?: unknown } | null | undefined;
    if (response.statusCode !== 200 || typeof body?.access_token !== 'string') {
      throw new TokenRefused(response.statusCode);
    }
    const lifetimeMs = (typeof body.expires_in === 'number' ? body.expires_in : 0) * 1_000;
    known = { token: body.access_token, expiresAtMs: Date.now() + lifetimeMs };
    return known;
  }

  return {
    current(deadline) {
      if (known && Date.now() < known.expiresAtMs - RENEW_BEFORE_MS) return Promise.resolve(known);
      underWay ??= fetchToken().finally(() => {
        underWay = undefined;
      });
      return orAborted(underWay, deadline);
    },
    forget(refused) {
      if (known === refused) known = undefined;
    },
    close: () => closed.abort(),
  };
}

/** The token server answered, and did not give a token: the service account is wrong or revoked. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly httpStatus: number;

  constructor(httpStatus: number) {
    super(`the token server answered ${httpStatus}`);
    this.httpStatus = httpStatus;
  }
}

/** The row of the table for a failed token request; undefined for other errors. */
export function answerOfTokenRefusal(error: unknown): 'token_refused' | 'token_unavailable' | undefined {
  if (!(error instanceof TokenRefused)) return undefined;
  return error.httpStatus < 500 ? 'token_refused' : 'token_unavailable';
}
