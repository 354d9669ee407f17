import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import {
  DEVICE_PROOF_HEADER,
  DEVICE_PROOF_TYPE,
  type DeviceProofClaims,
  type DeviceSigningKey,
} from '../runtime/device-wire.ts';
import { AppError } from '../runtime/errors.ts';
import type { ApiEnrolmentStore, DeviceCaller } from './ports.ts';

/** How far a phone's clock may be off, either way. */
const PROOF_TOLERANCE_SECONDS = 60;
const MAX_CACHED_KEYS = 10_000;
const MAX_PROOF_LENGTH = 4_096;

const claimsSchema = z.object({
  htm: z.string(),
  htu: z.string(),
  iat: z.number().int(),
  jti: z.string().min(16).max(64),
  body_sha256: z.string(),
}) satisfies z.ZodType<DeviceProofClaims>;

declare global {
  namespace Express {
    interface Locals {
      /** Set by {@link requireDevice}. */
      device?: DeviceCaller;
    }
  }
}

/** The enrolment that made this request; only behind {@link requireDevice}. */
export function deviceOf(response: { locals: Express.Locals }): DeviceCaller {
  if (!response.locals.device) throw new Error('the route is not behind requireDevice');
  return response.locals.device;
}

/**
 * Admits a phone by a request proof of its enrolment's signing key (after RFC 9449): for this method, this address and
 * this body, made within the last minute, and never seen before.
 */
export function requireDevice(enrolments: ApiEnrolmentStore, publicUrl: string): RequestHandler {
  const keys = new LRUCache<string, CryptoKey | Uint8Array>({ max: MAX_CACHED_KEYS });

  async function keyOf(enrolmentId: string): Promise<CryptoKey | Uint8Array> {
    const cached = keys.get(enrolmentId);
    if (cached) return cached;
    const jwk = await enrolments.findSigningKey(enrolmentId);
    if (!jwk) throw new AppError('enrolment_unknown');
    const key = await importJWK({ ...jwk }, 'ES256');
    keys.set(enrolmentId, key);
    return key;
  }

  return async (request, response, next) => {
    const proof = proofOf(request);
    const enrolmentId = z.uuid().safeParse(decodeHeader(proof).kid);
    if (!enrolmentId.success) throw new AppError('proof_invalid', 'kid');
    const { jti } = await verifyProof(proof, await keyOf(enrolmentId.data), request, publicUrl);
    const caller = await enrolments.admitProof(enrolmentId.data, jti, 2 * PROOF_TOLERANCE_SECONDS + 1);
    if (caller === 'replayed') throw new AppError('proof_replayed');
    // Checked at each request and not with the key: a revocation counts from the next request on.
    if (!caller) throw new AppError('enrolment_unknown');
    response.locals.device = caller;
    next();
  };
}

/** For enrolment, where no key is known yet: the proof must be made with the very key that is being enrolled. */
export async function verifyEnrolmentProof(request: Request, key: DeviceSigningKey, publicUrl: string): Promise<void> {
  const imported = await importJWK({ ...key }, 'ES256').catch(() => {
    throw new AppError('request_invalid', 'signingKey');
  });
  await verifyProof(proofOf(request), imported, request, publicUrl);
}

function proofOf(request: Request): string {
  const proof = request.get(DEVICE_PROOF_HEADER);
  if (!proof || proof.length > MAX_PROOF_LENGTH) throw new AppError('proof_invalid', DEVICE_PROOF_HEADER);
  return proof;
}

function decodeHeader(proof: string): { kid?: unknown; typ?: unknown } {
  try {
    return decodeProtectedHeader(proof);
  } catch (cause) {
    throw new AppError('proof_invalid', DEVICE_PROOF_HEADER, { cause });
  }
}

async function verifyProof(
  proof: string,
  key: CryptoKey | Uint8Array,
  request: Request,
  publicUrl: string,
): Promise<DeviceProofClaims> {
  if (decodeHeader(proof).typ !== DEVICE_PROOF_TYPE) throw new AppError('proof_invalid', 'typ');
  const { payload } = await compactVerify(proof, key, { algorithms: ['ES256'] }).catch((cause: unknown) => {
    throw new AppError('proof_invalid', 'signature', { cause });
  });
  const claims = claimsSchema.safeParse(parseJson(payload));
  if (!claims.success) throw new AppError('proof_invalid', 'claims');
  const { htm, htu, iat, body_sha256 } = claims.data;
  if (htm !== request.method) throw new AppError('proof_invalid', 'htm');
  if (htu !== publicUrl + pathOf(request)) throw new AppError('proof_invalid', 'htu');
  if (Math.abs(Date.now() / 1000 - iat) > PROOF_TOLERANCE_SECONDS) throw new AppError('proof_invalid', 'iat');
  const body = createHash('sha256')
    .update(request.rawBody ?? '')
    .digest();
  const claimed = Buffer.from(body_sha256, 'base64url');
  if (claimed.length !== body.length || !timingSafeEqual(claimed, body))
    throw new AppError('proof_invalid', 'body_sha256');
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
