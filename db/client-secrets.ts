import type { Knex } from 'knex';
import type { Author, ClientSecretStore } from '../api/ports.ts';
import { rows } from './knex.ts';

/** Changes the secrets of API clients, each change with its event; the guards are in the statements. */
export function createClientSecretStore(
  database: Knex,
  changed: (table: string) => void = () => {},
): ClientSecretStore {
  return {
    async rotate({ clientId, secretSha256, previousLifetimeSeconds }, author) {
      const [row] = await rows<{ isKnown: boolean; isRotated: boolean; previousExpiresAt: Date | null }>(
        database,
        `with changed as (
           update api_clients
              set secret_sha256 = ?, previous_secret_sha256 = secret_sha256,
                  previous_secret_expires_at =
                    case when secret_sha256 is not null then now() + make_interval(secs => ?) end
            where id = ? and (previous_secret_expires_at is null or previous_secret_expires_at <= now())
           returning id, previous_secret_expires_at
         ), told as (
           insert into events (name, client_id, agent_user, details)
           select 'ADMIN_API_CLIENT_SECRET_ROTATED', ?, ?, ?::jsonb from changed
         )
         select exists (select from api_clients where id = ?) as "isKnown", exists (select from changed) as "isRotated",
                (select previous_secret_expires_at from changed) as "previousExpiresAt"`,
        [
          ...[secretSha256, previousLifetimeSeconds, clientId],
          ...[author.clientId ?? null, author.operator ?? null, detailsOf(clientId, author), clientId],
        ],
      );
      if (!row?.isKnown) return { ok: false, code: 'resource_unknown' };
      if (!row.isRotated) return { ok: false, code: 'secret_rotation_open' };
      changed('api_clients');
      return { ok: true, previousExpiresAt: row.previousExpiresAt };
    },

    async removePrevious(clientId, author) {
      const [row] = await rows<{ isKnown: boolean }>(
        database,
        `with changed as (
           update api_clients set previous_secret_sha256 = null, previous_secret_expires_at = null
            where id = ? and previous_secret_sha256 is not null returning id
         ), told as (
           insert into events (name, client_id, agent_user, details)
           select 'ADMIN_API_CLIENT_SECRET_REMOVED', ?, ?, ?::jsonb from changed
         )
         select exists (select from api_clients where id = ?) as "isKnown"`,
        [clientId, author.clientId ?? null, author.operator ?? null, detailsOf(clientId, author), clientId],
      );
      changed('api_clients');
      return row?.isKnown === true;
    },
  };
}

function detailsOf(clientId: string, { operator }: Author): string {
  return JSON.stringify({ resource: 'api-clients', id: clientId, ...(operator !== undefined && { operator }) });
}
