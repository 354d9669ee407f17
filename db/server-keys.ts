import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

export interface StoredKeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * The server's OpenPGP pair, made on first need. Of several processes that start at once on an empty database one
 * writes its pair and all use that one.
 */
export async function loadOrCreateServerKey(
  database: Knex,
  keyring: Keyring,
  generate: () => Promise<StoredKeyPair>,
): Promise<StoredKeyPair> {
  const stored = await find(database, keyring);
  if (stored) return stored;
  const id = uuidv7();
  const { publicKey, privateKey } = await generate();
  await database.raw(
    `insert into server_keys (id, purpose, public_key, sealed_private_key) values (?, 'openpgp', ?, ?)
     on conflict (purpose) do nothing`,
    [id, publicKey, seal(keyring, 'server_keys.sealed_private_key', id, privateKey)],
  );
  const settled = await find(database, keyring);
  if (!settled) throw new Error('the server key was written but can not be read');
  return settled;
}

async function find(database: Knex, keyring: Keyring): Promise<StoredKeyPair | undefined> {
  const [row] = await rows<{ id: string; public_key: string; sealed_private_key: string }>(
    database,
    `select id, public_key, sealed_private_key from server_keys where purpose = 'openpgp'`,
    [],
  );
  return (
    row && {
      publicKey: row.public_key,
      privateKey: unseal(keyring, 'server_keys.sealed_private_key', row.id, row.sealed_private_key),
    }
  );
}
