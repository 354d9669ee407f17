import type { Knex } from 'knex';
import type { GeneralSettings, GeneralSettingsStore } from '../api/ports.ts';
import { rows } from './knex.ts';

/** Reads the one row of general settings; throws when somebody has deleted it. */
export function createGeneralSettingsStore(database: Knex): GeneralSettingsStore {
  return {
    async read() {
      const [row] = await rows<GeneralSettings>(
        database,
        `select enrolment_enabled as "enrolmentEnabled", unique_pgp_keys_enabled as "uniquePgpKeysEnabled",
                push_enrolment_enabled as "pushEnrolmentEnabled", push_enrolment_mode as "pushEnrolmentMode",
                sms_authentication_enabled as "smsAuthenticationEnabled",
                only_preconfigured_callbacks as "onlyPreconfiguredCallbacks",
                case when push_limits_enabled then jsonb_build_object(
                  'maxPending', push_max_pending, 'freeMisses', push_free_misses,
                  'firstWaitMs', push_first_wait_seconds * 1000, 'longestWaitMs', push_longest_wait_seconds * 1000,
                  'blocksOnNotMe', push_blocked_by_not_me) end as "askingLimits"
           from general_settings`,
        [],
      );
      if (!row) throw new Error('the table general_settings has lost its row');
      return row;
    },
  };
}
