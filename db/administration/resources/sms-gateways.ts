import { z } from 'zod';
import { SMS_GATEWAY_SETTINGS } from '../../../runtime/sms-gateway-settings.ts';
import type { ResourceDeclaration } from '../declaration.ts';
import { resourceName } from '../shapes.ts';

/** What messages go out by: rank 1 first, rank 2 where that one can not send. */
export const smsGateways: ResourceDeclaration = {
  name: 'sms-gateways',
  table: 'sms_gateways',
  identity: ['name'],
  schema: z.strictObject({
    name: resourceName,
    kind: z.enum(['twilio', 'rest', 'console']),
    rank: z.int().min(1).max(2),
    /** Of the kind's own shape. */
    settings: z.record(z.string(), z.unknown()).default({}),
  }),
  example: {
    name: 'own-gateway',
    kind: 'rest',
    rank: 2,
    settings: { url: 'https://sms.example/send', username: 'countersign', password: 'correct horse battery' },
  },
  fields: {
    name: { column: 'name' },
    kind: { column: 'kind' },
    rank: { column: 'rank' },
    settings: { column: 'sealed_settings', kind: 'sealed' },
  },
  events: {
    created: 'ADMIN_SMS_GATEWAY_CREATED',
    updated: 'ADMIN_SMS_GATEWAY_UPDATED',
    deleted: 'ADMIN_SMS_GATEWAY_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
  generatedId: 'id',
  counter: 'version',
  async check({ kind, settings }) {
    const checked = SMS_GATEWAY_SETTINGS[kind as keyof typeof SMS_GATEWAY_SETTINGS].safeParse(settings);
    const issues = checked.error?.issues ?? [];
    return issues.map(({ path, message }) => ({ pointer: ['#/settings', ...path].join('/'), detail: message }));
  },
};
