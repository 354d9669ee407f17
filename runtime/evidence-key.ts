import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** `typ` of a receipt; other JWS are never taken for one. */
export const RECEIPT_TYPE = 'countersign-receipt+jwt';

/** JWS algorithm of a receipt: Ed25519 (RFC 8037). */
export const RECEIPT_ALGORITHM = 'EdDSA';

/** Signs receipts with the server's evidence key. */
export interface EvidenceSigner {
  /** RFC 7638 thumbprint of the evidence key. */
  readonly keyId: string;
  /** A compact JWS over these claims, with `typ` and `kid` in its header. */
  sign(claims: object): Promise<string>;
}

/** A new evidence key; both halves as the JSON of a JWK. */
export async function generateEvidenceKey(): Promise<{ publicKey: string; privateKey: string }> {
  const pair = await generateKeyPair(RECEIPT_ALGORITHM, { crv: 'Ed25519', extractable: true });
  const [publicKey, privateKey] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
  return { publicKey: JSON.stringify(publicKey), privateKey: JSON.stringify(privateKey) };
}

/** A signer from what {@link generateEvidenceKey} made. Throws when that is no Ed25519 pair. */
export async function createEvidenceSigner(pair: { publicKey: string; privateKey: string }): Promise<EvidenceSigner> {
  const { kid } = await publishedKeyOf(pair.publicKey);
  const privateKey = await importJWK(JSON.parse(pair.privateKey) as JWK, RECEIPT_ALGORITHM);
  return {
    keyId: kid,
    sign: (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: RECEIPT_ALGORITHM, typ: RECEIPT_TYPE, kid })
        .sign(privateKey),
  };
}

/** An evidence key as a JWK Set publishes it: public fields, its thumbprint, and what it is for. */
export async function publishedKeyOf(publicKey: string): Promise<JWK & { readonly kid: string }> {
  const { kty, crv, x } = JSON.parse(publicKey) as JWK;
  if (kty !== 'OKP' || crv !== 'Ed25519' || !x) throw new Error('the evidence key is not an Ed25519 key');
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  return { kty, crv, x, kid, alg: RECEIPT_ALGORITHM, use: 'sig' };
}
