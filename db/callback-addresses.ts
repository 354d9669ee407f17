import type { Knex } from 'knex';
import type { CallbackCredentials } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

interface Row {
  readonly id: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly secret: string | null;
  readonly previousSecret: string | null;
}

const PASSWORD = 'callback_addresses.sealed_password';
const SECRET = 'callback_addresses.sealed_webhook_secret';
const PREVIOUS_SECRET = 'callback_addresses.sealed_previous_webhook_secret';

/** What is configured of callback addresses, to be gone by; it is written by administration/resources/callback-addresses.ts. */
export function createCallbackAddressStore(database: Knex, keyring: Keyring) {
  return {
    /** Undefined where this address, to the letter, is not configured. */
    async findCredentials(url: string): Promise<CallbackCredentials | undefined> {
      const [row] = await rows<Row>(
        database,
        `select id, username, sealed_password as password, sealed_webhook_secret as secret,
                sealed_previous_webhook_secret as "previousSecret"
           from callback_addresses where url = ?`,
        [url],
      );
      if (!row) return undefined;
      const { id, username, password, secret, previousSecret } = row;
      return {
        ...(username !== null && password !== null && { basic: { username, password: open(PASSWORD, id, password) } }),
        webhookSecrets: [
          ...(secret === null ? [] : [open(SECRET, id, secret)]),
          ...(previousSecret === null ? [] : [open(PREVIOUS_SECRET, id, previousSecret)]),
        ],
      };
    },

    /** True where this address, to the letter, is configured. */
    async isConfigured(url: string): Promise<boolean> {
      const found = await rows(database, 'select 1 from callback_addresses where url = ?', [url]);
      return found.length > 0;
    },
  };

  function open(column: string, id: string, sealed: string): string {
    return unseal(keyring, column, id, sealed);
  }
}
