import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { CallbackCredentials } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

/** A callback address with all that is configured for it. */
export interface CallbackAddress extends CallbackCredentials {
  /** By which operators know it. */
  readonly name: string;
  /** Matches the `callback_uri` of a begin character for character. */
  readonly url: string;
}

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

/** Callback addresses that operators have configured. */
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

    /** Writes an address, or all that is configured for it anew; at most two secrets, the newest first. */
    async save({ name, url, basic, webhookSecrets }: CallbackAddress): Promise<void> {
      const [secret, previousSecret, ...more] = webhookSecrets;
      if (more.length > 0) throw new RangeError('an address signs with two secrets at most');
      // The row's own id seals what is in it, so that it must be known first.
      const [known] = await rows<{ id: string }>(database, 'select id from callback_addresses where name = ?', [name]);
      const id = known?.id ?? uuidv7();
      const sealed = (column: string, text: string | undefined) =>
        text === undefined ? null : seal(keyring, column, id, text);
      await rows(
        database,
        `insert into callback_addresses (id, name, url, username, sealed_password, sealed_webhook_secret,
                                         sealed_previous_webhook_secret)
         values (?, ?, ?, ?, ?, ?, ?)
         on conflict (id) do update
            set url = excluded.url, username = excluded.username, sealed_password = excluded.sealed_password,
                sealed_webhook_secret = excluded.sealed_webhook_secret,
                sealed_previous_webhook_secret = excluded.sealed_previous_webhook_secret,
                version = callback_addresses.version + 1`,
        [
          id,
          name,
          url,
          basic?.username ?? null,
          sealed(PASSWORD, basic?.password),
          sealed(SECRET, secret),
          sealed(PREVIOUS_SECRET, previousSecret),
        ],
      );
    },
  };

  function open(column: string, id: string, sealed: string): string {
    return unseal(keyring, column, id, sealed);
  }
}
