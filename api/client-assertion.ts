import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWK, jwtVerify } from 'jose';
import type { ApiClient, ApiClientStore } from './ports.ts';

const ALGORITHMS = ['ES256', 'EdDSA', 'PS256', 'RS256'];
const MAX_LIFETIME_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_ID_LENGTH = 255;

/** A key that nobody has: assertions of unknown clients are verified like others. */
const NOBODYS: JSONWebKeySet = {
  keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as JWK],
};

/** The client that an assertion is said to be from; undefined when it names none. */
export function clientIdOfAssertion(assertion: string): string | undefined {
  try {
    const { iss, sub } = decodeJwt(assertion);
    return iss === sub ? sub : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/**
 * The client whose `private_key_jwt` (RFC 7523, OpenID Connect Core 9) this is: signed by one of its registered keys,
 * made for this audience, good for five minutes at most, and never used before. Undefined in every other case.
 */
export async function clientOfAssertion(
  clients: ApiClientStore,
  {
    assertion,
    clientId,
    audience,
  }: { readonly assertion: string; readonly clientId: string; readonly audience: string },
): Promise<ApiClient | undefined> {
  const client = await clients.find(clientId);
  const keys = createLocalJWKSet(client?.jwks ?? NOBODYS);
  try {
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: ALGORITHMS,
      audience,
      issuer: clientId,
      subject: clientId,
      requiredClaims: ['exp', 'jti'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    const { jti, exp = 0 } = payload;
    const lifetimeSeconds = exp - Date.now() / 1_000;
    if (!client?.jwks || lifetimeSeconds > MAX_LIFETIME_SECONDS + CLOCK_TOLERANCE_SECONDS) return undefined;
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_ID_LENGTH) return undefined;
    // Kept for as long as it would be accepted.
    const expiresAtMs = (exp + CLOCK_TOLERANCE_SECONDS + 1) * 1_000;
    return (await clients.claimAssertion({ clientId, assertionId: jti, expiresAtMs })) ? client : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
