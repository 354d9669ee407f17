import { SignJWT } from 'jose';
import { DEVICE_PROOF_TYPE, type DeviceProofClaims, type DeviceSigningKey } from '../runtime/device-wire.ts';
import { sha256Base64url } from './sha256.ts';

/** Who signs a proof: an enrolled phone names its enrolment, one that enrols shows its key. */
export type ProofSigner =
  | { readonly key: CryptoKey; readonly enrolmentId: string }
  | { readonly key: CryptoKey; readonly publicKey: DeviceSigningKey };

export interface ProvenRequest {
  /** Upper case. */
  readonly method: string;
  /** Without query and fragment. */
  readonly address: string;
  /** Exactly what is sent; empty when there is no body. */
  readonly body: string;
}

/** Makes the proof of one request: good for that request, once, for about a minute. */
export async function makeRequestProof(
  signer: ProofSigner,
  request: ProvenRequest,
  nowMs: number,
  type: string = DEVICE_PROOF_TYPE,
): Promise<string> {
  const claims: DeviceProofClaims = {
    htm: request.method,
    htu: request.address,
    iat: Math.floor(nowMs / 1000),
    jti: crypto.randomUUID(),
    body_sha256: await sha256Base64url(request.body),
  };
  const identity = 'enrolmentId' in signer ? { kid: signer.enrolmentId } : { jwk: { ...signer.publicKey } };
  return new SignJWT({ ...claims }).setProtectedHeader({ typ: type, alg: 'ES256', ...identity }).sign(signer.key);
}
