import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { TicketStore } from '../api/ports.ts';
import { rows } from './knex.ts';

export function createTicketStore(database: Knex): TicketStore {
  return {
    async create({ userId, applicationId, clientId, lifetimeSeconds, secretSha256, caller }) {
      const [row] = await rows<{ reference: string; expires_at: Date }>(
        database,
        `with created as (
           insert into enrolment_tickets (reference, secret_sha256, user_id, application_id, client_id, expires_at)
           select ?::uuid, ?::bytea, ?, a.id, ?, now() + make_interval(secs => ?)
             from applications a where a.id = ?
           returning reference, expires_at, user_id, application_id, client_id
         ), told as (
           insert into events (name, user_id, application_id, client_id, client_ip, user_agent)
           select 'ENROLLMENT_INITIALIZED', user_id, application_id, client_id, ?::inet, ?::text from created
         )
         select reference, expires_at from created`,
        [
          ...[uuidv7(), secretSha256, userId, clientId, lifetimeSeconds, applicationId],
          ...[caller?.ip ?? null, caller?.userAgent ?? null],
        ],
      );
      return row && { reference: row.reference, expiresAt: row.expires_at };
    },
  };
}
