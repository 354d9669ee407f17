import type { Request, RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import {
  APP_VERSION_HEADER,
  DEVICE_PROOF_HEADER,
  DEVICE_PROOF_TYPE,
  type DeviceProofClaims,
  type DeviceSigningKey,
  NEW_KEY_PROOF_TYPE,
} from '../runtime/device-wire.ts';
import { AppError } from '../runtime/errors.ts';
import { appVersion } from './app-version.ts';
import type { ApiEnrolmentStore, DeviceCaller } from './ports.ts';
import {
  decodeProofHeader,
  type ExpectedProof,
  type ImportedKey,
  importSigningKey,
  PROOF_TOLERANCE_SECONDS,
  verifyProof,
} from './verify-proof.ts';

const MAX_CACHED_KEYS = 10_000;
const MAX_PROOF_LENGTH = 4_096;

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
  const keys = new LRUCache<string, { readonly key: ImportedKey; readonly keyVersion: number }>({
    max: MAX_CACHED_KEYS,
  });

  async function readKey(enrolmentId: string): Promise<{ readonly key: ImportedKey; readonly keyVersion: number }> {
    const found = await enrolments.findSigningKey(enrolmentId);
    if (!found) throw new AppError('enrolment_unknown');
    const entry = { key: await importSigningKey(found.signingKey), keyVersion: found.keyVersion };
    keys.set(enrolmentId, entry);
    return entry;
  }

  /** The claims, and the version of the key that they were verified with. */
  async function verify(
    proof: string,
    enrolmentId: string,
    expected: ExpectedProof,
  ): Promise<{ readonly claims: DeviceProofClaims; readonly keyVersion: number }> {
    const cached = keys.get(enrolmentId);
    if (cached) {
      try {
        return { claims: await verifyProof(proof, cached.key, expected), keyVersion: cached.keyVersion };
      } catch (error) {
        // The key may have been changed since: what the database has decides.
        if (!(error instanceof AppError) || error.detail !== 'signature') throw error;
      }
    }
    const { key, keyVersion } = await readKey(enrolmentId);
    return { claims: await verifyProof(proof, key, expected), keyVersion };
  }

  return async (request, response, next) => {
    const proof = proofOf(request);
    const enrolmentId = z.uuid().safeParse(decodeProofHeader(proof, DEVICE_PROOF_HEADER).kid);
    if (!enrolmentId.success) throw new AppError('proof_invalid', 'kid');
    const expected = expectedOf(request, publicUrl);
    const { claims, keyVersion } = await verify(proof, enrolmentId.data, expected);
    const lifetimeSeconds = 2 * PROOF_TOLERANCE_SECONDS + 1;
    const caller = await enrolments.admitProof(enrolmentId.data, claims.jti, lifetimeSeconds, appVersionOf(request));
    if (caller === 'replayed') throw new AppError('proof_replayed');
    if (caller === 'app_version_disabled') throw new AppError('app_version_disabled');
    // Checked at each request and not with the key: a revocation counts from the next request on, and so does a new key.
    if (!caller) throw new AppError('enrolment_unknown');
    if (caller.keyVersion !== keyVersion) await verifyProof(proof, (await readKey(caller.enrolmentId)).key, expected);
    response.locals.device = caller;
    next();
  };
}

/** For enrolment, where no key is known yet: the proof must be made with the very key that is being enrolled. */
export async function verifyEnrolmentProof(request: Request, key: DeviceSigningKey, publicUrl: string): Promise<void> {
  await verifyProof(proofOf(request), await importSigningKey(key), expectedOf(request, publicUrl));
}

/** For a change of keys: the phone must hold the new signing key, and have meant it for this enrolment. */
export async function verifyNewKeyProof(
  request: Request,
  proof: { readonly text: string; readonly key: DeviceSigningKey; readonly enrolmentId: string; readonly body: string },
  publicUrl: string,
): Promise<void> {
  const key = await importSigningKey(proof.key);
  if (decodeProofHeader(proof.text, 'newKeyProof').kid !== proof.enrolmentId)
    throw new AppError('proof_invalid', 'kid');
  await verifyProof(proof.text, key, { type: NEW_KEY_PROOF_TYPE, request, publicUrl, body: proof.body });
}

function appVersionOf(request: Request): string | undefined {
  const version = request.get(APP_VERSION_HEADER);
  if (version === undefined) return undefined;
  const parsed = appVersion.safeParse(version);
  if (!parsed.success) throw new AppError('request_invalid', APP_VERSION_HEADER);
  return parsed.data;
}

function expectedOf(request: Request, publicUrl: string): ExpectedProof {
  return { type: DEVICE_PROOF_TYPE, request, publicUrl, body: request.rawBody ?? '' };
}

function proofOf(request: Request): string {
  const proof = request.get(DEVICE_PROOF_HEADER);
  if (!proof || proof.length > MAX_PROOF_LENGTH) throw new AppError('proof_invalid', DEVICE_PROOF_HEADER);
  return proof;
}
