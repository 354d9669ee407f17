import type { Knex } from 'knex';
import type { EventFilter, EventPlace } from '../api/ports.ts';

/** A statement and what it binds. Which filters are set decides the text, so that there are few of them. */
export interface EventQuery {
  readonly sql: string;
  readonly bindings: readonly Knex.RawBinding[];
}

interface Condition {
  readonly sql: string;
  readonly binding: Knex.RawBinding;
}

const EPOCH_MS = 'to_timestamp(?::double precision / 1000)';

/** Each of these but the exclusion has an index that begins with its column and goes on by time. */
function conditionsOf(filter: EventFilter): Condition[] {
  const { userId, clientId, names, exceptNames, transactionId, fromMs, beforeMs } = filter;
  return [
    ...(userId === undefined ? [] : [{ sql: 'lower(user_id) = lower(?)', binding: userId }]),
    ...(clientId === undefined ? [] : [{ sql: 'client_id = ?', binding: clientId }]),
    ...(transactionId === undefined ? [] : [{ sql: 'transaction_id = ?::uuid', binding: transactionId }]),
    ...(names === undefined ? [] : [nameIn(names)]),
    ...(exceptNames === undefined ? [] : [{ sql: 'name <> all (?::text[])', binding: [...exceptNames] }]),
    ...(fromMs === undefined ? [] : [{ sql: `occurred_at >= ${EPOCH_MS}`, binding: fromMs }]),
    ...(beforeMs === undefined ? [] : [{ sql: `occurred_at < ${EPOCH_MS}`, binding: beforeMs }]),
  ];
}

/** A single name reads its index in order; several are gathered. */
function nameIn(names: readonly string[]): Condition {
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return { sql: 'name = ?', binding: only };
  return { sql: 'name = any (?::text[])', binding: [...names] };
}

const whereOf = (conditions: readonly Condition[]) =>
  conditions.length === 0 ? '' : `where ${conditions.map(({ sql }) => sql).join(' and ')}`;

const bindingsOf = (conditions: readonly Condition[]) => conditions.map(({ binding }) => binding);

const selectFrom = (found: string, order: string) => `
  select e.id, e.name, e.client_id as "clientId", a.name as "applicationName", e.transaction_id as "transactionId",
         e.user_id as "userId", host(e.client_ip) as "clientIp", e.user_agent as "userAgent",
         e.agent_user as "agentUser", coalesce(e.details, '{}') as details, floor(extract(epoch from e.occurred_at) * 1000)::float8 as "occurredAtMs",
         e.occurred_at::text as "occurredAt"
    from (${found}) e left join applications a on a.id = e.application_id order by ${order}`;

/** Newest first. */
export function pageQuery(filter: EventFilter, { offset, size }: { offset: number; size: number }): EventQuery {
  const conditions = conditionsOf(filter);
  const found = `select * from events ${whereOf(conditions)} order by occurred_at desc, id desc limit ? offset ?`;
  return {
    sql: selectFrom(found, 'e.occurred_at desc, e.id desc'),
    bindings: [...bindingsOf(conditions), size, offset],
  };
}

/** Oldest first, from a place on. */
export function afterQuery(filter: EventFilter, place: EventPlace | undefined, size: number): EventQuery {
  const conditions = conditionsOf(filter);
  const beyond = place ? '(occurred_at, id) > (?::timestamptz, ?::bigint)' : undefined;
  const where = [...conditions.map(({ sql }) => sql), ...(beyond ? [beyond] : [])].join(' and ');
  const found = `select * from events ${where && `where ${where}`} order by occurred_at, id limit ?`;
  return {
    sql: selectFrom(found, 'e.occurred_at, e.id'),
    bindings: [...bindingsOf(conditions), ...(place ? [place.occurredAt, place.id] : []), size],
  };
}

/** Counts no further than `max`. */
export function countQuery(filter: EventFilter, max: number): EventQuery {
  const conditions = conditionsOf(filter);
  return {
    sql: `select count(*)::int as count from (select 1 from events ${whereOf(conditions)} limit ?) found`,
    bindings: [...bindingsOf(conditions), max],
  };
}
