import type { Knex } from 'knex';
import { z } from 'zod';
import type { SmsGatewayConfiguration, SmsGatewayStore } from '../activities/ports.ts';
import type { TwilioAccountStore } from '../api/ports.ts';
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

const accountSchema = z.object({ accountSid: z.string(), authToken: z.string() });

/** The accounts of the gateways of the kind `twilio`. Settings that name none are passed over: they send nothing either. */
export function createTwilioAccountStore(database: Knex, keyring: Keyring): TwilioAccountStore {
  const gateways = createSmsGatewayStore(database, keyring);
  return {
    async list() {
      const configured = (await gateways.list()).filter(({ kind }) => kind === 'twilio');
      return configured.flatMap(({ settings }) => {
        const account = accountSchema.safeParse(parse(settings));
        return account.success ? [account.data] : [];
      });
    },
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Settings that are no JSON are none.
    return undefined;
  }
}
