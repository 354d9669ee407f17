import { z } from 'zod';
import type { PushProvider } from '../../../activities/ports.ts';
import type { ResourceDeclaration } from '../declaration.ts';
import { resourceName } from '../shapes.ts';

/** How to reach a push provider. Settings are checked before they are saved, and never shown. */
export const pushConfigurations: ResourceDeclaration = {
  name: 'push-configurations',
  table: 'push_configurations',
  identity: ['name'],
  schema: z.strictObject({
    name: resourceName,
    platform: z.enum(['android', 'ios']),
    provider: z.enum(['fcm_http_v1', 'fcm_legacy', 'apns']),
    /** Of the provider's own shape. */
    settings: z.record(z.string(), z.unknown()),
  }),
  example: {
    name: 'bank-fcm',
    platform: 'android',
    provider: 'fcm_legacy',
    settings: { serverKey: 'an-example-server-key' },
  },
  fields: {
    name: { column: 'name' },
    platform: { column: 'platform' },
    provider: { column: 'provider' },
    settings: { column: 'sealed_settings', kind: 'sealed' },
  },
  events: {
    created: 'ADMIN_PUSH_MESSAGING_CONFIG_CREATED',
    updated: 'ADMIN_PUSH_MESSAGING_CONFIG_UPDATED',
    deleted: 'ADMIN_PUSH_MESSAGING_CONFIG_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
  generatedId: 'id',
  counter: 'version',
  async check({ provider, settings }, { pushSettings }) {
    const checked = pushSettings(provider as PushProvider, settings);
    return checked.ok ? [] : [{ pointer: '#/settings', detail: checked.reason }];
  },
};
