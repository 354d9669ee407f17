import type { Knex } from 'knex';
import type { ApiClient, ApiClientStore } from '../api/ports.ts';
import { rows } from './knex.ts';

export function createApiClientStore(database: Knex): ApiClientStore {
  return {
    async find(clientId) {
      const [row] = await rows<{ id: string; secret_sha256: Buffer; scopes: string[] }>(
        database,
        'select id, secret_sha256, scopes from api_clients where id = ?',
        [clientId],
      );
      return row && ({ id: row.id, secretSha256: row.secret_sha256, scopes: row.scopes } satisfies ApiClient);
    },
  };
}
