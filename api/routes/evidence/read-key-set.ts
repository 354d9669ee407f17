import type { RequestHandler } from 'express';
import { publishedKeyOf } from '../../../runtime/evidence-key.ts';
import type { ApiDependencies } from '../../dependencies.ts';

const CACHE_SECONDS = 300;

/** `GET /.well-known/jwks.json`: the public half of the evidence key as a JWK Set (RFC 7517). */
export function readKeySet({ receipts }: ApiDependencies): RequestHandler {
  return async (_request, response) => {
    const found = await receipts.findEvidenceKey();
    const keys = found ? [await publishedKeyOf(found.publicKey)] : [];
    // Until the first worker has made the key, nobody should keep that there is none.
    response.set('cache-control', found ? `public, max-age=${CACHE_SECONDS}` : 'no-store');
    response.type('application/jwk-set+json').send(JSON.stringify({ keys }));
  };
}
