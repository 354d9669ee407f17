import type { Knex } from 'knex';
import type { EventStore } from '../api/ports.ts';
import { rows } from './knex.ts';

/** Events that belong to no other statement. */
export function createEventStore(database: Knex): EventStore {
  return {
    async record({ name, transactionId, userId, clientId, applicationId, deviceId, details, caller, agentUser }) {
      await rows(
        database,
        `insert into events (name, transaction_id, user_id, client_id, application_id, device_id, details, client_ip,
                             user_agent, agent_user)
         values (?, ?::uuid, ?, ?, ?, ?, ?::jsonb, ?::inet, ?, ?)`,
        [
          ...[name, transactionId ?? null, userId ?? null, clientId ?? null, applicationId ?? null, deviceId ?? null],
          ...[JSON.stringify(details ?? {}), caller?.ip ?? null, caller?.userAgent ?? null, agentUser ?? null],
        ],
      );
    },
  };
}
