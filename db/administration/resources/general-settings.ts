import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';

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
  }),
  fields: {
    enrolmentEnabled: { column: 'enrolment_enabled' },
    uniquePgpKeysEnabled: { column: 'unique_pgp_keys_enabled' },
    pushEnrolmentEnabled: { column: 'push_enrolment_enabled' },
    pushEnrolmentMode: { column: 'push_enrolment_mode' },
  },
  events: { updated: 'ADMIN_MOBILE_CONFIG_UPDATED' },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
