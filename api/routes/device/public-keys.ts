import { z } from 'zod';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** An armored OpenPGP public key, by its size; runtime/openpgp.ts reads it. */
export const pgpPublicKey = z.string().min(1).max(10_000);

/** The public half of a P-256 key, and nothing else: a private half is refused. */
export const signingKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
});
