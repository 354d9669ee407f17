import { createPublicKey, verify } from 'node:crypto';

/** True for an Ed25519 signature (base64url) over this statement by a PIN key (RFC 8037 `x`, base64url); false for anything malformed. */
export function isPinSignature(pinPublicKey: string, statement: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: pinPublicKey }, format: 'jwk' });
    return verify(null, Buffer.from(statement), key, Buffer.from(signature, 'base64url'));
  } catch {
    // A key that is none: nothing verifies under it.
    return false;
  }
}
