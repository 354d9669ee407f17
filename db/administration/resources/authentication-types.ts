import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';
import { languageCode, resourceName, smsSenderId } from '../shapes.ts';

/** Kinds of transaction that portals may begin. A running one keeps what it began with. */
export const authenticationTypes: ResourceDeclaration = {
  name: 'authentication-types',
  table: 'authentication_types',
  identity: ['name'],
  schema: z.strictObject({
    name: resourceName,
    method: z.enum([
      'push',
      'push_with_pin',
      'push_with_fingerprint',
      'push_with_custom_authenticator',
      'push_with_number',
      'otp',
      'sms',
    ]),
    timeToLiveSeconds: z.int().min(1).max(600),
    maxResends: z.int().min(0).max(100).default(0),
    transactionSigning: z.boolean().default(false),
    numberDigits: z.int().min(2).max(6).default(2),
    /** What is done when the push can not be handed over. */
    fallback: z.enum(['none', 'sms']).default('none'),
    /** Codes of an SMS that may be tried; 0: no limit of the type's own, the product's ceiling stands. */
    maxAttempts: z.int().min(0).max(100).default(3),
    /** In place of the general one. */
    smsSenderId: smsSenderId.optional(),
    /** Host of the page that may read the code out of the message by itself. */
    webotpOriginHost: z
      .string()
      .regex(/^[a-z0-9.-]{1,253}$/, 'must be a host')
      .optional(),
    /** Language code to message; English is the last resort. */
    defaultMessages: z.record(languageCode, z.string().min(1).max(1_000)).default({}),
    /** Language code to template (docs/context.md), in place of the one for all types. */
    confirmationTemplates: z.record(languageCode, z.string().min(1).max(1_024)).default({}),
  }),
  example: {
    name: 'bank-login',
    method: 'push_with_pin',
    timeToLiveSeconds: 120,
    maxResends: 2,
    defaultMessages: { en: 'Log in to the bank?' },
  },
  fields: {
    name: { column: 'name' },
    method: { column: 'method' },
    timeToLiveSeconds: { column: 'time_to_live_seconds' },
    maxResends: { column: 'max_resends' },
    transactionSigning: { column: 'transaction_signing' },
    numberDigits: { column: 'number_digits' },
    fallback: { column: 'fallback' },
    maxAttempts: { column: 'max_attempts' },
    smsSenderId: { column: 'sms_sender_id' },
    webotpOriginHost: { column: 'webotp_origin_host' },
    defaultMessages: { column: 'default_messages', kind: 'json' },
    confirmationTemplates: { column: 'confirmation_templates', kind: 'json' },
  },
  events: {
    created: 'ADMIN_AUTH_PROPERTIES_SET_CREATED',
    updated: 'ADMIN_AUTH_PROPERTIES_SET_UPDATED',
    deleted: 'ADMIN_AUTH_PROPERTIES_SET_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
  counter: 'version',
  async check({ method, fallback }) {
    const isPush = String(method).startsWith('push');
    return isPush || fallback === 'none' ? [] : [{ pointer: '#/fallback', detail: 'is for push methods only' }];
  },
};
