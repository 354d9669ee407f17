import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';
import { displayName, resourceName } from '../shapes.ts';

/** The mobile apps that users enrol with. */
export const applications: ResourceDeclaration = {
  name: 'applications',
  table: 'applications',
  identity: ['id'],
  schema: z.strictObject({
    id: resourceName,
    name: displayName,
    androidPushConfiguration: resourceName.optional(),
    iosPushConfiguration: resourceName.optional(),
    /** Wrong PINs in a row; 0: no limit of the application's own, the product's ceiling stands. */
    pinMaxAttempts: z.int().min(0).max(10).default(3),
    fingerprintEnabled: z.boolean().default(true),
    /** Verifier that the worker asks: one by HTTP, or the worker's own module. */
    customAuthenticator: z
      .union([
        z.strictObject({ url: z.url({ protocol: /^https?$/ }), secret: z.string().min(1).max(1_024) }),
        z.strictObject({ inProcess: z.literal(true) }),
      ])
      .optional(),
  }),
  example: { id: 'bank-app', name: 'Bank', androidPushConfiguration: 'bank-fcm', pinMaxAttempts: 3 },
  fields: {
    id: { column: 'id' },
    name: { column: 'name' },
    androidPushConfiguration: {
      column: 'android_push_configuration_id',
      kind: 'reference',
      table: 'push_configurations',
      name: 'name',
    },
    iosPushConfiguration: {
      column: 'ios_push_configuration_id',
      kind: 'reference',
      table: 'push_configurations',
      name: 'name',
    },
    pinMaxAttempts: { column: 'pin_max_attempts' },
    fingerprintEnabled: { column: 'fingerprint_enabled' },
    customAuthenticator: { column: 'sealed_custom_authenticator', kind: 'sealed' },
  },
  events: {
    created: 'ADMIN_APPLICATION_CREATED',
    updated: 'ADMIN_APPLICATION_UPDATED',
    deleted: 'ADMIN_APPLICATION_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
