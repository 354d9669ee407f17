import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { createKnex } from '../../db/knex.ts';
import { migrateToLatest } from '../../db/migrate.ts';

export interface TestDatabase {
  readonly url: string;
  readonly knex: Knex;
  drop(): Promise<void>;
}

/** Tests share a machine with servers that are being started: what is slow there is no fault. */
const PATIENT = { queryTimeoutMs: 30_000, connectTimeoutMs: 30_000 };

/** A migrated database of its own, on the server of this run or on the one given. */
export async function createTestDatabase(serverUrl = sharedServerUrl()): Promise<TestDatabase> {
  const server = createKnex({ connectionString: serverUrl, poolSize: 2, ...PATIENT });
  const name = `test_${randomBytes(6).toString('hex')}`;
  await server.raw(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const knex = createKnex({ connectionString: url.href, poolSize: 20, ...PATIENT });
  await migrateToLatest(knex);
  return {
    url: url.href,
    knex,
    async drop() {
      await knex.destroy();
      await server.raw(`drop database ${name} with (force)`);
      await server.destroy();
    },
  };
}

function sharedServerUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('global set-up has not run');
  return url;
}
