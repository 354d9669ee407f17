import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, type JSONWebKeySet, type JWK } from 'jose';
import { RECEIPT_ALGORITHM, RECEIPT_TYPE } from '../../runtime/evidence-key.ts';
import { checkClaims } from './check-claims.ts';
import { checkSigning } from './check-signing.ts';
import { type CheckedClaims, parseClaims } from './claims-shape.ts';
import { DoesNotHold, type Tell } from './does-not-hold.ts';

/** One thing that was looked at. */
export interface Check {
  /** What was checked; the claim's name where it is about one claim. */
  readonly name: string;
  readonly holds: boolean;
  /** A sentence: what holds, or what does not. */
  readonly says: string;
}

export interface Verification {
  /** In the order they were made. The last one is the only one that may not hold: nothing is looked at after it. */
  readonly checks: readonly Check[];
  /** Present when everything holds. */
  readonly claims?: CheckedClaims;
}

export interface VerifyOptions {
  /** The message that the receipt is held to be about. */
  readonly message?: string;
  /** The exact bytes that the phone is held to have signed. */
  readonly signingData?: Buffer;
}

/** Checks a receipt (compact JWS) against the published keys; needs nothing else. */
export async function verifyReceipt(
  receipt: string,
  keySet: JSONWebKeySet,
  { message, signingData }: VerifyOptions = {},
): Promise<Verification> {
  const checks: Check[] = [];
  const tell: Tell = (name, says) => checks.push({ name, holds: true, says });
  try {
    const payload = await checkSignature(receipt, keySet, tell);
    const claims = parseClaims(payload);
    tell('claims', 'every claim is there and of its form');
    checkClaims(claims, message, tell);
    await checkSigning(claims, signingData, tell);
    return { checks, claims };
  } catch (error) {
    if (!(error instanceof DoesNotHold)) throw error;
    return { checks: [...checks, { name: error.check, holds: false, says: error.message }] };
  }
}

async function checkSignature(receipt: string, keySet: JSONWebKeySet, tell: Tell): Promise<string> {
  const header = headerOf(receipt);
  if (header.typ !== RECEIPT_TYPE) throw new DoesNotHold('typ', `the type is not ${RECEIPT_TYPE}`);
  if (header.alg !== RECEIPT_ALGORITHM) throw new DoesNotHold('alg', `the algorithm is not ${RECEIPT_ALGORITHM}`);
  tell('typ', `a receipt, ${RECEIPT_TYPE}, ${RECEIPT_ALGORITHM}`);
  const key = await findKey(keySet, header.kid);
  tell('kid', `the key set has the key ${header.kid}`);
  try {
    const { payload } = await compactVerify(receipt, key, { algorithms: [RECEIPT_ALGORITHM] });
    tell('signature', 'the signature is by this key');
    return new TextDecoder().decode(payload);
  } catch {
    // Whatever the library finds wrong with bytes from outside comes to the same.
    throw new DoesNotHold('signature', 'the signature is not by this key over this content');
  }
}

function headerOf(receipt: string): { typ?: unknown; alg?: unknown; kid?: unknown } {
  try {
    return decodeProtectedHeader(receipt);
  } catch {
    // Not a JWS at all, whatever else it may be.
    throw new DoesNotHold('form', 'this is not a compact JWS');
  }
}

async function findKey(keySet: JSONWebKeySet, keyId: unknown): Promise<JWK> {
  const key = keySet.keys.find(({ kid }) => typeof keyId === 'string' && kid === keyId);
  if (!key) throw new DoesNotHold('kid', 'the key set has no key of this id');
  const thumbprint = await calculateJwkThumbprint(key).catch(() => undefined);
  if (key.kty !== 'OKP' || key.crv !== 'Ed25519' || thumbprint !== keyId) {
    throw new DoesNotHold('kid', 'the id of the key is not its thumbprint');
  }
  return key;
}
