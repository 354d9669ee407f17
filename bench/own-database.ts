import { randomBytes } from 'node:crypto';
import { createKnex } from '../db/knex.ts';
import { StartError } from '../dev/start-error.ts';

/** Dropping a database that was filled takes a while. */
const QUERY_TIMEOUT_MS = 60_000;

export interface OwnDatabase {
  readonly url: string;
  /** For instance `18.4`. */
  readonly serverVersion: string;
  /** Drops it with all that is in it, whoever is connected. */
  drop(): Promise<void>;
}

/** Makes a new database beside the one of `serverUrl`, which is left alone. Throws when the server or the right to do so is missing. */
export async function createOwnDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const serverVersion = await onServer(serverUrl, async (run) => {
    await run(`create database ${name}`);
    const { rows } = await run('show server_version');
    return String(rows[0]?.server_version);
  }).catch((cause: Error) => {
    throw new StartError(`No database can be made on this PostgreSQL server: ${cause.message}`, { cause });
  });
  return {
    url: url.href,
    serverVersion,
    drop: () => onServer(serverUrl, async (run) => void (await run(`drop database ${name} with (force)`))),
  };
}

type Run = (sql: string) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>;

async function onServer<Value>(serverUrl: string, work: (run: Run) => Promise<Value>): Promise<Value> {
  const knex = createKnex({ connectionString: serverUrl, poolSize: 1, queryTimeoutMs: QUERY_TIMEOUT_MS });
  try {
    return await work((sql) => knex.raw(sql));
  } finally {
    await knex.destroy();
  }
}
