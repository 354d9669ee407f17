import type { Knex } from 'knex';
import type { EventStore, StoredEvent } from '../api/ports.ts';
import { afterQuery, countQuery, type EventQuery, pageQuery } from './event-queries.ts';
import { rows } from './knex.ts';

type Row = Omit<StoredEvent, 'place'> & { readonly occurredAt: string };

/** Writes events that belong to no other statement, and finds all of them. */
export function createEventStore(database: Knex): EventStore {
  async function find({ sql, bindings }: EventQuery): Promise<readonly StoredEvent[]> {
    const found = await rows<Row>(database, sql, bindings);
    return found.map(({ occurredAt, ...event }) => ({ ...event, place: { occurredAt, id: event.id } }));
  }

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
    async count(filter, max) {
      const { sql, bindings } = countQuery(filter, max);
      const [row] = await rows<{ count: number }>(database, sql, bindings);
      return row?.count ?? 0;
    },
    page: (filter, page) => find(pageQuery(filter, page)),
    after: (filter, place, size) => find(afterQuery(filter, place, size)),
  };
}
