import type { Knex } from 'knex';
import type { PushConfiguration, PushConfigurationStore } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

/** Push configurations with their settings opened. */
export function createPushConfigurationStore(
  database: Knex,
  keyring: Keyring,
): PushConfigurationStore & { findByNameOrId(nameOrId: string): Promise<PushConfiguration | undefined> } {
  type Row = Omit<PushConfiguration, 'settings'> & { readonly sealed_settings: string };

  function opened(row: Row | undefined): PushConfiguration | undefined {
    if (!row) return undefined;
    const { sealed_settings, ...rest } = row;
    return { ...rest, settings: unseal(keyring, 'push_configurations.sealed_settings', row.id, sealed_settings) };
  }

  return {
    async find(id) {
      const [row] = await rows<Row>(
        database,
        'select id, provider, version, sealed_settings from push_configurations where id = ?',
        [id],
      );
      return opened(row);
    },
    async findByNameOrId(nameOrId) {
      const [row] = await rows<Row>(
        database,
        `select id, provider, version, sealed_settings from push_configurations
          where name = ? or id::text = ? order by name = ? desc limit 1`,
        [nameOrId, nameOrId, nameOrId],
      );
      return opened(row);
    },
  };
}
