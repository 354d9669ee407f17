import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';
import { resourceName } from '../shapes.ts';

/** Versions of an app that are served. An application without any takes all. */
export const appVersions: ResourceDeclaration = {
  name: 'app-versions',
  table: 'app_versions',
  identity: ['application', 'platform', 'version'],
  schema: z.strictObject({
    application: resourceName,
    platform: z.enum(['android', 'ios']),
    version: z.string().regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 visible ASCII characters'),
    status: z.enum(['DISABLED', 'LOGIN_ONLY', 'LOGIN_REGISTRATION']),
    applicationBundleIdentifier: z.string().min(1).max(255).optional(),
    /** In place of the application's. */
    pushConfiguration: resourceName.optional(),
    /** For apps that get their device tokens from the development environment. */
    useApnsDevelopmentEnvironment: z.boolean().default(false),
    /** The number of pending transactions, on the app's icon. */
    sendBadgeNumber: z.boolean().default(false),
  }),
  example: { application: 'bank-app', platform: 'android', version: '2.4.1', status: 'LOGIN_REGISTRATION' },
  fields: {
    application: { column: 'application_id', kind: 'reference', table: 'applications', name: 'id' },
    platform: { column: 'platform' },
    version: { column: 'version' },
    status: { column: 'status' },
    applicationBundleIdentifier: { column: 'application_bundle_identifier' },
    pushConfiguration: {
      column: 'push_configuration_id',
      kind: 'reference',
      table: 'push_configurations',
      name: 'name',
    },
    useApnsDevelopmentEnvironment: { column: 'use_apns_development_environment' },
    sendBadgeNumber: { column: 'send_badge_number' },
  },
  events: {
    created: 'ADMIN_APP_VERSION_CREATED',
    updated: 'ADMIN_APP_VERSION_UPDATED',
    deleted: 'ADMIN_APP_VERSION_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
