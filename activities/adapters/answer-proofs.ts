import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { proofStatement } from '../../runtime/device-wire.ts';
import { isPinSignature } from '../../runtime/pin-signature.ts';
import type { AnswerProofs } from '../ports.ts';

/** Verifies what an approval shows beside the OpenPGP signature of its phone. */
export function createAnswerProofs(): AnswerProofs {
  return {
    isPinProof(pinPublicKey, challenge, signature) {
      return isPinSignature(pinPublicKey, proofStatement('pin', challenge), signature);
    },
    isBiometricProof(biometricKey, challenge, signature) {
      const key = keyFrom(biometricKey);
      const statement = Buffer.from(proofStatement('biometric', challenge));
      const form = key && { key, dsaEncoding: 'ieee-p1363' as const };
      return !!form && verify('sha256', statement, form, Buffer.from(signature, 'base64url'));
    },
    isSignatureOver(signingKey, data, signature) {
      const key = keyFrom(signingKey);
      return !!key && verify('sha256', Buffer.from(data), key, Buffer.from(signature, 'base64'));
    },
    pemOf(signingKey) {
      return keyFrom(signingKey)?.export({ type: 'spki', format: 'pem' }).toString() ?? '';
    },
  };
}

/** Undefined for a key that is none: nothing verifies under it. */
function keyFrom(jwk: Readonly<Record<string, string>>): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
