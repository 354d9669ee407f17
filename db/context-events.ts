import type { Knex } from 'knex';
import type { NewEvent } from '../api/ports.ts';
import { rows } from './knex.ts';

/** Writes events that belong to no change of state. */
export function createEventWriter(database: Knex) {
  return async ({
    name,
    transactionId,
    userId,
    clientId,
    applicationId,
    deviceId,
    details,
  }: NewEvent): Promise<void> => {
    await rows(
      database,
      `insert into events (name, transaction_id, user_id, client_id, application_id, device_id, details)
       values (?, ?::uuid, ?, ?, ?, ?, ?::jsonb)`,
      [
        ...[name, transactionId ?? null, userId ?? null, clientId ?? null, applicationId ?? null, deviceId ?? null],
        JSON.stringify(details ?? {}),
      ],
    );
  };
}
