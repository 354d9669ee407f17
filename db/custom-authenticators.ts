import type { Knex } from 'knex';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

const COLUMN = 'applications.sealed_custom_authenticator';

/** Finds the settings (JSON) of an application's custom authenticator; undefined where there is none. */
export function createCustomAuthenticatorFinder(database: Knex, keyring: Keyring) {
  return async (applicationId: string): Promise<string | undefined> => {
    const [row] = await rows<{ sealed: string | null }>(
      database,
      'select sealed_custom_authenticator as sealed from applications where id = ?',
      [applicationId],
    );
    return row?.sealed ? unseal(keyring, COLUMN, applicationId, row.sealed) : undefined;
  };
}
