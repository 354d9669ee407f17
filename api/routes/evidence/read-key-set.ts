import type { RequestHandler } from 'express';
import { publishedKeyOf } from '../../../runtime/evidence-key.ts';
import type { ApiDependencies } from '../../dependencies.ts';

const CACHE_SECONDS = 300;

/** `GET /.well-known/jwks.json`: the public halves of the evidence keys, present and past, as a JWK Set (RFC 7517). */
export function readKeySet({ receipts }: ApiDependencies): RequestHandler {
  return async (_request, response) => {
    const keys = await Promise.all((await receipts.listEvidenceKeys()).map(publishedKeyOf));
    // Until the first worker has made a key, nobody should keep that there is none.
    response.set('cache-control', keys.length > 0 ? `public, max-age=${CACHE_SECONDS}` : 'no-store');
    response.type('application/jwk-set+json').send(JSON.stringify({ keys }));
  };
}
