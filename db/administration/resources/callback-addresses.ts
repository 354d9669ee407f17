import { z } from 'zod';
import { isWebhookSecret } from '../../../runtime/webhook-secret.ts';
import type { ResourceDeclaration } from '../declaration.ts';
import { resourceName } from '../shapes.ts';

const webhookSecret = z.string().refine(isWebhookSecret, 'must be whsec_ and the base64 of 24 to 64 bytes');

/** Addresses of portals: what they are called back with, and, where only these are allowed, the list of them. */
export const callbackAddresses: ResourceDeclaration = {
  name: 'callback-addresses',
  table: 'callback_addresses',
  identity: ['name'],
  schema: z.strictObject({
    name: resourceName,
    /** Matches the `callback_uri` of a begin character for character. */
    url: z.url({ protocol: /^https?$/ }).max(2_048),
    /** HTTP Basic; no user name may hold a colon (RFC 7617). */
    username: z
      .string()
      .regex(/^[^:\p{Cc}\p{Cs}]{1,255}$/u, 'must have neither a colon nor control characters')
      .optional(),
    password: z.string().min(1).max(1_024).optional(),
    /** Standard Webhooks. */
    webhookSecret: webhookSecret.optional(),
    /** While the other one takes its place: both sign. */
    previousWebhookSecret: webhookSecret.optional(),
  }),
  example: { name: 'shop', url: 'https://shop.example/callback', username: 'countersign', password: 'battery staple' },
  fields: {
    name: { column: 'name' },
    url: { column: 'url' },
    username: { column: 'username' },
    password: { column: 'sealed_password', kind: 'sealed' },
    webhookSecret: { column: 'sealed_webhook_secret', kind: 'sealed' },
    previousWebhookSecret: { column: 'sealed_previous_webhook_secret', kind: 'sealed' },
  },
  events: {
    created: 'ADMIN_CALLBACK_ADDRESS_CREATED',
    updated: 'ADMIN_CALLBACK_ADDRESS_UPDATED',
    deleted: 'ADMIN_CALLBACK_ADDRESS_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
  generatedId: 'id',
  counter: 'version',
  async check({ username, password, webhookSecret: secret, previousWebhookSecret: previous }) {
    const needs = (pointer: string, other: string) => ({ pointer, detail: `comes together with ${other}` });
    return [
      ...((username === undefined) === (password === undefined) ? [] : [needs('#/password', 'username')]),
      ...(previous !== undefined && secret === undefined ? [needs('#/previousWebhookSecret', 'webhookSecret')] : []),
    ];
  },
};
