import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { Author, ServerKeyStore } from '../api/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

/** What a key of the server is for; there is one key in use for each. */
export type ServerKeyPurpose = 'openpgp' | 'evidence';

export interface StoredKeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * The server's key pair for a purpose, made on first need. Of several processes that start at once on an empty database one
 * writes its pair and all use that one.
 */
export async function loadOrCreateServerKey(
  database: Knex,
  keyring: Keyring,
  generate: () => Promise<StoredKeyPair>,
  purpose: ServerKeyPurpose = 'openpgp',
): Promise<StoredKeyPair> {
  const stored = await find(database, keyring, purpose);
  if (stored) return stored;
  const id = uuidv7();
  const { publicKey, privateKey } = await generate();
  await rows(
    database,
    `insert into server_keys (id, purpose, public_key, sealed_private_key) values (?, ?, ?, ?)
     on conflict (purpose) where retired_at is null do nothing`,
    [id, purpose, publicKey, seal(keyring, 'server_keys.sealed_private_key', id, privateKey)],
  );
  const settled = await find(database, keyring, purpose);
  if (!settled) throw new Error('the server key was written but can not be read');
  return settled;
}

async function find(database: Knex, keyring: Keyring, purpose: ServerKeyPurpose): Promise<StoredKeyPair | undefined> {
  const [row] = await rows<{ id: string; public_key: string; sealed_private_key: string }>(
    database,
    'select id, public_key, sealed_private_key from server_keys where purpose = ? and retired_at is null',
    [purpose],
  );
  return (
    row && {
      publicKey: row.public_key,
      privateKey: unseal(keyring, 'server_keys.sealed_private_key', row.id, row.sealed_private_key),
    }
  );
}

const MAX_LISTED = 100;

/** What administration sees and does of the server's keys; never a private half. */
export function createServerKeyStore(database: Knex, changed: (table: string) => void = () => {}): ServerKeyStore {
  return {
    list: () =>
      rows(
        database,
        `select id, purpose, public_key as "publicKey", created_at as "createdAt", retired_at as "retiredAt"
           from server_keys order by purpose, created_at desc, id desc limit ${MAX_LISTED}`,
        [],
      ),

    async retireEvidenceKey({ clientId, operator }: Author) {
      const [retired] = await rows<{ id: string }>(
        database,
        `with changed as (
           update server_keys set retired_at = now() where purpose = 'evidence' and retired_at is null returning id
         ), told as (
           insert into events (name, client_id, agent_user, details)
           select 'ADMIN_EVIDENCE_KEY_RETIRED', ?, ?, jsonb_build_object('id', id) || ?::jsonb from changed
         )
         select id from changed`,
        [clientId ?? null, operator ?? null, JSON.stringify(operator === undefined ? {} : { operator })],
      );
      changed('server_keys');
      return retired?.id;
    },
  };
}
