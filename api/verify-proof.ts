import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { z } from 'zod';
import type { DeviceProofClaims, DeviceSigningKey } from '../runtime/device-wire.ts';
import { AppError } from '../runtime/errors.ts';

/** How far a phone's clock may be off, either way. */
export const PROOF_TOLERANCE_SECONDS = 60;

/** A signing key as jose takes it. */
export type ImportedKey = CryptoKey | Uint8Array;

/** What a proof must be about. */
export interface ExpectedProof {
  readonly type: string;
  readonly request: Request;
  /** Origin that the phone must have named. */
  readonly publicUrl: string;
  /** What `body_sha256` is the hash of. */
  readonly body: string | Buffer;
}

const claimsSchema = z.object({
  htm: z.string(),
  htu: z.string(),
  iat: z.number().int(),
  jti: z.string().min(16).max(64),
  body_sha256: z.string(),
}) satisfies z.ZodType<DeviceProofClaims>;

/** The public half as a key; throws `request_invalid` where it is none, which only one that a phone brings can be. */
export async function importSigningKey(key: DeviceSigningKey): Promise<ImportedKey> {
  return importJWK({ ...key }, 'ES256').catch((cause: unknown) => {
    throw new AppError('request_invalid', 'signingKey', { cause });
  });
}

/** The header of a proof, not verified; throws `proof_invalid` where there is none. */
export function decodeProofHeader(proof: string, name: string): { kid?: unknown; typ?: unknown } {
  try {
    return decodeProtectedHeader(proof);
  } catch (cause) {
    throw new AppError('proof_invalid', name, { cause });
  }
}

/** The claims of a proof by this key about this request; throws `proof_invalid` that names what does not fit. */
export async function verifyProof(
  proof: string,
  key: ImportedKey,
  { type, request, publicUrl, body }: ExpectedProof,
): Promise<DeviceProofClaims> {
  if (decodeProofHeader(proof, 'typ').typ !== type) throw new AppError('proof_invalid', 'typ');
  const { payload } = await compactVerify(proof, key, { algorithms: ['ES256'] }).catch((cause: unknown) => {
    throw new AppError('proof_invalid', 'signature', { cause });
  });
  const claims = claimsSchema.safeParse(parseJson(payload));
  if (!claims.success) throw new AppError('proof_invalid', 'claims');
  const { htm, htu, iat, body_sha256 } = claims.data;
  if (htm !== request.method) throw new AppError('proof_invalid', 'htm');
  if (htu !== publicUrl + pathOf(request)) throw new AppError('proof_invalid', 'htu');
  if (Math.abs(Date.now() / 1000 - iat) > PROOF_TOLERANCE_SECONDS) throw new AppError('proof_invalid', 'iat');
  const expected = createHash('sha256').update(body).digest();
  const claimed = Buffer.from(body_sha256, 'base64url');
  if (claimed.length !== expected.length || !timingSafeEqual(claimed, expected)) {
    throw new AppError('proof_invalid', 'body_sha256');
  }
  return claims.data;
}

function pathOf(request: Request): string {
  return request.originalUrl.split('?', 1)[0] as string;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    // Not JSON is one more way not to be the claims.
    return undefined;
  }
}
