import { importPKCS8, SignJWT } from 'jose';
import { type Dispatcher, request } from 'undici';
import { readJson } from './read-json.ts';

/** The parts of a Google service account key that are needed. */
export interface ServiceAccount {
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS#8, PEM. */
  readonly private_key: string;
  readonly client_email: string;
  readonly token_uri: string;
}

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const ASSERTION_LIFETIME_SECONDS = 3_600;
/** Renewed this long before its end, so that no token dies on its way. */
const RENEW_BEFORE_MS = 5 * 60_000;

export interface AccessTokens {
  /** A token that is good for some minutes at least. Throws when the token server refuses or does not answer. */
  current(deadline: AbortSignal): Promise<string>;
  /** Forgets the token, after the provider refused it. */
  forget(): void;
}

/** OAuth 2.0 access tokens by JWT bearer (RFC 7523). Callers that come at once share one request. */
export function createAccessTokens(account: ServiceAccount, dispatcher: Dispatcher): AccessTokens {
  let known: { readonly token: string; readonly goodUntilMs: number } | undefined;
  let underWay: Promise<string> | undefined;

  async function signingKey(): Promise<CryptoKey> {
    try {
      return await importPKCS8(account.private_key, 'RS256');
    } catch (cause) {
      throw new UnusableKey('the private key of the service account can not be read', { cause });
    }
  }

  async function fetchToken(deadline: AbortSignal): Promise<string> {
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime(`${ASSERTION_LIFETIME_SECONDS}s`)
      .sign(await signingKey());
    const response = await request(account.token_uri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
      signal: deadline,
      dispatcher,
    });
    const body = (await readJson(response.body)) as { access_token?: unknown; expires_in?: unknown } | null | undefined;
    if (response.statusCode !== 200 || typeof body?.access_token !== 'string') {
      throw new TokenRefused(response.statusCode);
    }
    const lifetimeMs = (typeof body.expires_in === 'number' ? body.expires_in : 0) * 1_000;
    known = { token: body.access_token, goodUntilMs: Date.now() + lifetimeMs - RENEW_BEFORE_MS };
    return body.access_token;
  }

  return {
    current(deadline) {
      if (known && Date.now() < known.goodUntilMs) return Promise.resolve(known.token);
      underWay ??= fetchToken(deadline).finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forget() {
      known = undefined;
    },
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

/** The service account's key is no PKCS#8 PEM of an RSA key. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}
