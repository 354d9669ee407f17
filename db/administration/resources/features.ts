import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';

/** What this installation does at all. Turning something off leaves its settings as they are. */
export const features: ResourceDeclaration = {
  name: 'features',
  table: 'features',
  identity: [],
  schema: z.strictObject({
    mobileAuthentication: z.boolean(),
    transactionSigning: z.boolean(),
    geolocation: z.boolean(),
    customAuthenticators: z.boolean(),
    pushAuthorization: z.boolean(),
  }),
  example: {
    mobileAuthentication: true,
    transactionSigning: true,
    geolocation: true,
    customAuthenticators: true,
    pushAuthorization: true,
  },
  fields: {
    mobileAuthentication: { column: 'mobile_authentication' },
    transactionSigning: { column: 'transaction_signing' },
    geolocation: { column: 'geolocation' },
    customAuthenticators: { column: 'custom_authenticators' },
    pushAuthorization: { column: 'push_authorization' },
  },
  events: { updated: 'ADMIN_FEATURES_UPDATED' },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
