import type { RequestHandler } from 'express';
import { publishedKeyOf } from '../../../runtime/evidence-key.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { ServerKey } from '../../ports.ts';
import { authorOf } from './author.ts';

/** `GET /admin/v1/keys`: the server's keys, those in use and those that are retired; public facts alone. */
export function listKeys({ serverKeys }: ApiDependencies): RequestHandler {
  return async (_request, response) => {
    const keys = await serverKeys.list();
    response.json({ items: await Promise.all(keys.map(describe)) });
  };
}

/**
 * `POST /admin/v1/keys/evidence/rotate`: the evidence key is retired, and the workers make and use the next one. 202, as
 * they do so when they hear of it; the old key stays published, and what it signed verifies.
 */
export function rotateEvidenceKey({ serverKeys }: ApiDependencies): RequestHandler {
  return async (_request, response) => {
    const retired = await serverKeys.retireEvidenceKey(authorOf(response));
    response.status(202).json({ retired: retired ?? null });
  };
}

async function describe({ id, purpose, publicKey, createdAt, retiredAt }: ServerKey): Promise<object> {
  return {
    id,
    purpose,
    // As it stands in receipts and in the key set.
    ...(purpose === 'evidence' && { kid: (await publishedKeyOf(publicKey)).kid }),
    createdAt: createdAt.toISOString(),
    inUse: retiredAt === null,
    ...(retiredAt && { retiredAt: retiredAt.toISOString() }),
  };
}
