import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';
import { smsSenderId } from '../shapes.ts';

/** What holds for all applications. */
export const generalSettings: ResourceDeclaration = {
  name: 'general-settings',
  table: 'general_settings',
  identity: [],
  schema: z.strictObject({
    enrolmentEnabled: z.boolean(),
    uniquePgpKeysEnabled: z.boolean(),
    pushEnrolmentEnabled: z.boolean(),
    pushEnrolmentMode: z.enum(['single_device', 'override_allowed', 'multiple_devices']),
    /** Begins with another callback address are refused. */
    onlyPreconfiguredCallbacks: z.boolean().default(false),
    /** How often one user is asked by push (docs/security.md, Push fatigue). */
    pushLimitsEnabled: z.boolean().default(true),
    pushMaxPending: z.int().min(1).max(100).default(5),
    pushFreeMisses: z.int().min(0).max(100).default(3),
    pushFirstWaitSeconds: z.int().min(1).max(3_600).default(30),
    pushLongestWaitSeconds: z.int().min(1).max(86_400).default(3_600),
    pushBlockedByNotMe: z.boolean().default(true),
    smsAuthenticationEnabled: z.boolean(),
    smsSenderId: smsSenderId.optional(),
    /** Sender where there is no other one, or the gateway refuses it. */
    smsDefaultNumber: smsSenderId.optional(),
    /** ISO 3166 alpha-2; without it all. */
    smsAllowedCountries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'))
      .max(300)
      .optional(),
    smsPerNumberPerHour: z.int().min(1).max(1_000),
    smsPerClientPerHour: z.int().min(1).max(1_000_000),
    smsPerDay: z.int().min(1).max(10_000_000),
  }),
  example: {
    enrolmentEnabled: true,
    uniquePgpKeysEnabled: false,
    pushEnrolmentEnabled: true,
    pushEnrolmentMode: 'single_device',
    smsAuthenticationEnabled: true,
    smsDefaultNumber: '+15005550006',
    smsPerNumberPerHour: 10,
    smsPerClientPerHour: 1_000,
    smsPerDay: 10_000,
  },
  fields: {
    enrolmentEnabled: { column: 'enrolment_enabled' },
    uniquePgpKeysEnabled: { column: 'unique_pgp_keys_enabled' },
    pushEnrolmentEnabled: { column: 'push_enrolment_enabled' },
    pushEnrolmentMode: { column: 'push_enrolment_mode' },
    onlyPreconfiguredCallbacks: { column: 'only_preconfigured_callbacks' },
    pushLimitsEnabled: { column: 'push_limits_enabled' },
    pushMaxPending: { column: 'push_max_pending' },
    pushFreeMisses: { column: 'push_free_misses' },
    pushFirstWaitSeconds: { column: 'push_first_wait_seconds' },
    pushLongestWaitSeconds: { column: 'push_longest_wait_seconds' },
    pushBlockedByNotMe: { column: 'push_blocked_by_not_me' },
    smsAuthenticationEnabled: { column: 'sms_authentication_enabled' },
    smsSenderId: { column: 'sms_sender_id' },
    smsDefaultNumber: { column: 'sms_default_number' },
    smsAllowedCountries: { column: 'sms_allowed_countries' },
    smsPerNumberPerHour: { column: 'sms_per_number_per_hour' },
    smsPerClientPerHour: { column: 'sms_per_client_per_hour' },
    smsPerDay: { column: 'sms_per_day' },
  },
  events: { updated: 'ADMIN_MOBILE_CONFIG_UPDATED' },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
