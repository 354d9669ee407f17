import { importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { CLIENT_SCOPES } from '../../../runtime/client-scopes.ts';
import type { ResourceDeclaration } from '../declaration.ts';
import { displayName, resourceName } from '../shapes.ts';

const clientKey = z
  .discriminatedUnion('kty', [
    z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
    z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
    // 2048 bits are 342 characters.
    z.looseObject({ kty: z.literal('RSA'), e: z.string(), n: z.string().min(342).max(1_400) }),
  ])
  .refine((key) => !('d' in key), 'must be a public key');

/** Portals' and operators' credentials for the API. */
export const apiClients: ResourceDeclaration = {
  name: 'api-clients',
  table: 'api_clients',
  identity: ['id'],
  schema: z.strictObject({
    id: resourceName,
    name: displayName,
    scopes: z
      .array(z.enum(CLIENT_SCOPES))
      .max(CLIENT_SCOPES.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'must name each scope once'),
    /** Stored as SHA-256, so nothing that could be guessed: 32 random bytes in base64url. */
    secret: z
      .string()
      .min(43, 'must be 32 random bytes in base64url')
      .max(256)
      .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
      .optional(),
    /** JWK Set (RFC 7517) of public keys, for `private_key_jwt` (RFC 7523). */
    jwks: z.strictObject({ keys: z.array(clientKey).min(1).max(5) }).optional(),
  }),
  example: { id: 'shop-portal', name: 'Shop', scopes: ['onegini_api_mobile_authentication', 'onegini_api_events'] },
  fields: {
    id: { column: 'id' },
    name: { column: 'name' },
    scopes: { column: 'scopes' },
    secret: { column: 'secret_sha256', kind: 'hashed' },
    jwks: { column: 'jwks', kind: 'json' },
  },
  events: {
    created: 'ADMIN_API_CLIENT_CREATED',
    updated: 'ADMIN_API_CLIENT_UPDATED',
    deleted: 'ADMIN_API_CLIENT_DELETED',
  },
  access: { read: 'read_clients', write: 'write_clients' },
  async check({ jwks }) {
    const { keys = [] } = (jwks ?? {}) as { keys?: readonly JWK[] };
    const isUsable = await Promise.all(keys.map(canBeImported));
    return isUsable.flatMap((usable, index) =>
      usable ? [] : [{ pointer: `#/jwks/keys/${index}`, detail: 'is no usable public key' }],
    );
  },
};

const ALGORITHM_OF: Readonly<Record<string, string>> = { EC: 'ES256', OKP: 'EdDSA', RSA: 'PS256' };

async function canBeImported(key: JWK): Promise<boolean> {
  try {
    await importJWK(key, ALGORITHM_OF[key.kty ?? '']);
    return true;
  } catch {
    // Whatever the cryptography has against it.
    return false;
  }
}
