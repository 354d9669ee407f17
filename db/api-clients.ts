import type { Knex } from 'knex';
import type { ApiClient, ApiClientStore } from '../api/ports.ts';
import { rows } from './knex.ts';
import { pruneStale } from './prune-stale.ts';

export function createApiClientStore(database: Knex): ApiClientStore {
  return {
    async find(clientId) {
      const [row] = await rows<ApiClient>(
        database,
        `select id, scopes, jwks, secret_sha256 as "secretSha256",
                case when previous_secret_expires_at > now() then previous_secret_sha256 end as "previousSecretSha256"
           from api_clients where id = ?`,
        [clientId],
      );
      return row;
    },

    async claimAssertion({ clientId, assertionId, expiresAtMs }) {
      const claimed = await rows(
        database,
        `insert into client_assertions (client_id, assertion_id, expires_at)
         values (?, ?, to_timestamp(?::float8 / 1000)) on conflict do nothing returning 1`,
        [clientId, assertionId, expiresAtMs],
      );
      return claimed.length === 1;
    },

    pruneAssertions: () => pruneStale(database, 'client_assertions', 'expires_at < now()'),
  };
}
