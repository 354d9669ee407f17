import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { TicketStore } from '../api/ports.ts';
import { rows } from './knex.ts';

export function createTicketStore(database: Knex): TicketStore {
  return {
    async create({ userId, applicationId, clientId, lifetimeSeconds, secretSha256 }) {
      const [row] = await rows<{ reference: string; expires_at: Date }>(
        database,
        `insert into enrolment_tickets (reference, secret_sha256, user_id, application_id, client_id, expires_at)
         select ?::uuid, ?::bytea, ?, a.id, ?, now() + make_interval(secs => ?)
           from applications a where a.id = ?
         returning reference, expires_at`,
        [uuidv7(), secretSha256, userId, clientId, lifetimeSeconds, applicationId],
      );
      return row && { reference: row.reference, expiresAt: row.expires_at };
    },
  };
}
