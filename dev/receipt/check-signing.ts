import { createPublicKey, verify } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { CheckedClaims } from './claims-shape.ts';
import { demand, sha256Base64url, type Tell } from './does-not-hold.ts';

/**
 * Whether the phone's signature over the portal's data fits: its key is the enrolment's, and where the data is at hand
 * the signature is over that. Tells what holds; throws {@link DoesNotHold} at the first that does not.
 */
export async function checkSigning(claims: CheckedClaims, signingData: Buffer | undefined, tell: Tell): Promise<void> {
  const { signing_data_sha256, signing_data_signature, user_public_key, outcome } = claims;
  const isSigned = signing_data_signature !== undefined;
  const mustBeSigned = signing_data_sha256 !== undefined && outcome.status === 'approved';
  demand(isSigned === mustBeSigned, 'signing_data_signature', 'approved data is signed, and nothing else is');
  if (signingData !== undefined) {
    const fits = sha256Base64url(signingData) === signing_data_sha256;
    demand(fits, 'signing_data_sha256', 'the phone was to sign other data');
    tell('signing_data_sha256', 'the phone was to sign this data');
  }
  if (!isSigned) return;
  const key = await keyOf(user_public_key);
  demand(key !== undefined, 'user_public_key', 'the key that signed the data is missing or no P-256 key');
  demand(key.thumbprint === claims.device_key_thumbprint, 'user_public_key', 'this is not the key of the enrolment');
  tell('user_public_key', 'the key that signed the data is the enrolment’s');
  if (signingData === undefined) return;
  const holds = verify('sha256', signingData, key.key, Buffer.from(signing_data_signature, 'base64'));
  demand(holds, 'signing_data_signature', 'the signature is not by the enrolment’s key over this data');
  tell('signing_data_signature', 'the phone signed this data');
}

async function keyOf(pem: string | undefined) {
  if (pem === undefined) return undefined;
  try {
    const key = createPublicKey(pem);
    const jwk = key.export({ format: 'jwk' }) as JWK;
    return jwk.crv === 'P-256' ? { key, thumbprint: await calculateJwkThumbprint(jwk) } : undefined;
  } catch {
    // Not a public key in PEM.
    return undefined;
  }
}
