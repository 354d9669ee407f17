import type { Knex } from 'knex';
import type { SmsGatewayConfiguration, SmsGatewayStore } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

export function createSmsGatewayStore(database: Knex, keyring: Keyring): SmsGatewayStore {
  return {
    async list() {
      const found = await rows<Omit<SmsGatewayConfiguration, 'settings'> & { sealed_settings: string }>(
        database,
        'select id, name, kind, version, sealed_settings from sms_gateways order by rank limit 2',
        [],
      );
      return found.map(({ sealed_settings, ...gateway }) => ({
        ...gateway,
        settings: unseal(keyring, 'sms_gateways.sealed_settings', gateway.id, sealed_settings),
      }));
    },
  };
}
