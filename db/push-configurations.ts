import type { Knex } from 'knex';
import type { PushConfiguration, PushConfigurationStore } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

export function createPushConfigurationStore(database: Knex, keyring: Keyring): PushConfigurationStore {
  return {
    async find(id) {
      const [row] = await rows<Omit<PushConfiguration, 'settings'> & { sealed_settings: string }>(
        database,
        'select id, provider, version, sealed_settings from push_configurations where id = ?',
        [id],
      );
      if (!row) return undefined;
      const { sealed_settings, ...rest } = row;
      return { ...rest, settings: unseal(keyring, 'push_configurations.sealed_settings', id, sealed_settings) };
    },
  };
}
