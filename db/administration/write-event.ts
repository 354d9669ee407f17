import type { Knex } from 'knex';
import type { Author } from '../../api/ports.ts';
import { rows } from '../knex.ts';
import type { ResourceDeclaration } from './declaration.ts';

/** What has happened to a document. */
export interface DocumentChange {
  readonly kind: keyof ResourceDeclaration['events'];
  readonly key: readonly string[];
  /** Names of changed fields, never values. */
  readonly fields: readonly string[];
  readonly author: Author;
}

/** Writes the event of a change; in the same transaction, so that neither is there without the other. */
export async function writeEvent(
  transaction: Knex,
  { name, events }: ResourceDeclaration,
  { kind, key, fields, author }: DocumentChange,
): Promise<void> {
  const event = events[kind];
  if (event === undefined) throw new Error(`${name} declares no event for what was ${kind}`);
  const details = {
    resource: name,
    ...(key.length > 0 && { id: key.join('/') }),
    ...(fields.length > 0 && { fields: fields.join(',') }),
    ...(author.operator !== undefined && { operator: author.operator }),
  };
  await rows(transaction, 'insert into events (name, client_id, agent_user, details) values (?, ?, ?, ?::jsonb)', [
    event,
    author.clientId ?? null,
    author.operator ?? null,
    JSON.stringify(details),
  ]);
}
