import { createHash } from 'node:crypto';
import knex, { type Knex } from 'knex';
import type { Client } from 'pg';

export interface DatabaseOptions {
  readonly connectionString: string;
  readonly poolSize: number;
  /** How long one statement may take; 2 s by default. */
  readonly queryTimeoutMs?: number;
  /** How long a connection may take, to be made or to be free; 1.5 and 2 s by default. */
  readonly connectTimeoutMs?: number;
  /** Hears what knex has to say of its connections; nobody does by default, as failed statements tell it too. */
  readonly warn?: (message: string) => void;
  readonly events?: EventOptions;
}

/** What becomes of the events that statements of this pool write. */
export interface EventOptions {
  /** Names that are not kept. */
  readonly excluded: readonly string[];
  /** Hears every event, excluded ones too, as the row that it is or would be. */
  readonly hear?: ((event: object) => void) | undefined;
}

/** A caller must hear "unavailable" within three seconds, so nothing here waits longer than two. */
const CONNECT_TIMEOUT_MS = 1_500;
const QUERY_TIMEOUT_MS = 2_000;

/** A pool of PostgreSQL connections; none is opened before it is needed, and lost ones are replaced. */
export function createKnex({
  connectionString,
  poolSize,
  queryTimeoutMs = QUERY_TIMEOUT_MS,
  connectTimeoutMs,
  warn = () => {},
  events,
}: DatabaseOptions): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      query_timeout: queryTimeoutMs,
      statement_timeout: queryTimeoutMs,
      keepAlive: true,
      application_name: 'countersign',
      ...(events && { options: sessionOptionsOf(events) }),
    },
    pool: {
      min: 0,
      max: poolSize,
      acquireTimeoutMillis: connectTimeoutMs ?? QUERY_TIMEOUT_MS,
      createRetryIntervalMillis: 200,
      ...(events?.hear && { afterCreate: hearEvents(events.hear) }),
    },
    acquireConnectionTimeout: connectTimeoutMs ?? QUERY_TIMEOUT_MS,
    log: { warn, error: warn, deprecate: warn, debug: () => {} },
  });
}

/** The triggers on the table of events go by these two (db/migrations/0010-events.ts). */
function sessionOptionsOf({ excluded, hear }: EventOptions): string {
  const settings = [
    ...(excluded.length > 0 ? [`countersign.excluded_events=${excluded.join(',')}`] : []),
    ...(hear ? ['countersign.event_log=on'] : []),
  ];
  return settings.map((setting) => `-c ${setting}`).join(' ');
}

const EVENT_NOTICE = 'countersign_event';

function hearEvents(hear: (event: object) => void) {
  return (connection: Client, done: (error: Error | null, connection: Client) => void): void => {
    connection.on('notice', ({ message, detail }) => {
      if (message === EVENT_NOTICE && detail !== undefined) hear(JSON.parse(detail));
    });
    done(null, connection);
  };
}

/**
 * The rows of one statement, prepared once on each connection: most of what PostgreSQL spends on our statements is
 * parsing and planning. `sql` must be one of few texts, with every value in `bindings`.
 */
export async function rows<Row>(database: Knex, sql: string, bindings: readonly Knex.RawBinding[]): Promise<Row[]> {
  const result: { rows: Row[] } = await database.raw(sql, bindings).options({ name: nameOf(sql) });
  return result.rows;
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
  names.set(sql, name);
  return name;
}

const UNIQUE_VIOLATION = '23505';
const REFERENCE_VIOLATIONS: readonly unknown[] = ['23503', '23001'];

/** Name of the unique index that refused a statement, if one did. */
export function violatedIndexOf(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === UNIQUE_VIOLATION && typeof constraint === 'string' ? constraint : undefined;
}

/** True when a row could not go because others refer to it. */
export function isReferenceViolation(error: unknown): boolean {
  return REFERENCE_VIOLATIONS.includes((error as { code?: unknown }).code);
}
