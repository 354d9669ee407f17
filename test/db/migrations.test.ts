import type { Knex } from 'knex';
import { createKnex } from '../../db/knex.ts';
import { MIGRATION_TIMEOUT_MS, migrateToLatest } from '../../db/migrate.ts';
import { migrationSource } from '../../db/migrations/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

/** Columns, constraints and indexes of our tables, as PostgreSQL writes them. */
async function schemaOf(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw(`
    select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public' and table_name not like 'knex_%'
    union all
    select format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
     where connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'knex_%'
    union all
    select indexdef from pg_indexes where schemaname = 'public' and tablename not like 'knex_%'
    order by line`);
  return rows.map(({ line }: { line: string }) => line);
}

it('goes up, down to nothing, and up to the same again', async () => {
  const before = await schemaOf(database.knex);
  expect(before.length).toBeGreaterThan(100);
  await database.knex.migrate.rollback({ migrationSource }, true);
  expect(await schemaOf(database.knex)).toStrictEqual([]);
  await migrateToLatest(database.knex);
  expect(await schemaOf(database.knex)).toStrictEqual(before);
});

it('tells what it applied, and applies nothing twice', async () => {
  const names = (await migrationSource.getMigrations([])).map((migration) =>
    migrationSource.getMigrationName(migration),
  );
  expect(await migrateToLatest(database.knex)).toStrictEqual([]);
  await database.knex.migrate.rollback({ migrationSource }, true);
  expect(await migrateToLatest(database.knex)).toStrictEqual(names);
});

it.each([
  ['an empty database', 'drop table knex_migrations, knex_migrations_lock'],
  ['a database that is behind', 'select 1'],
])('is safe to run from several processes that start at once on %s', async (_name, prepare) => {
  await database.knex.migrate.rollback({ migrationSource }, true);
  await database.knex.raw(prepare);
  const options = { connectionString: database.url, poolSize: 2, queryTimeoutMs: MIGRATION_TIMEOUT_MS };
  const pools = Array.from({ length: 4 }, () => createKnex(options));
  const results = await Promise.allSettled(pools.map(migrateToLatest));
  await Promise.all(pools.map((pool) => pool.destroy()));
  expect(results.filter(({ status }) => status === 'rejected')).toStrictEqual([]);
  expect((await schemaOf(database.knex)).length).toBeGreaterThan(100);
});

describe('what the schema itself refuses', () => {
  it.each([
    ['a settled transaction without an outcome', { status: 'approved', outcome: null }],
    ['a pending transaction with an outcome', { status: 'pending', outcome: '{}' }],
    ['a status that there is not', { status: 'maybe', outcome: '{}' }],
  ])('%s', async (_name, fields) => {
    const row = {
      id: '0190a000-0000-7000-8000-000000000001',
      client_id: 'c',
      user_id: 'u',
      application_id: 'a',
      device_id: 'd',
      enrolment_id: '0190a000-0000-7000-8000-000000000002',
      type_name: 't',
      policy_version: 1,
      method: 'push',
      callback_uri: 'https://portal.example',
      sealed_message: 'x',
      request_sha256: 'x',
      created_at: new Date(),
      expires_at: new Date(),
    };
    await expect(database.knex('transactions').insert({ ...row, ...fields })).rejects.toThrow(
      'violates check constraint',
    );
    await expect(database.knex('transactions').insert(row)).resolves.toBeDefined();
  });

  it('a second key of the server', async () => {
    const row = { purpose: 'openpgp', public_key: 'p', sealed_private_key: 's' };
    await database.knex('server_keys').insert({ ...row, id: '0190a000-0000-7000-8000-000000000001' });
    const second = database.knex('server_keys').insert({ ...row, id: '0190a000-0000-7000-8000-000000000002' });
    await expect(second).rejects.toThrow('server_keys_one_per_purpose');
  });

  it('a type that lives longer than ten minutes', async () => {
    const type = { name: 'slow', method: 'push', time_to_live_seconds: 601, max_resends: 0 };
    await expect(database.knex('authentication_types').insert(type)).rejects.toThrow('violates check constraint');
    await expect(
      database.knex('authentication_types').insert({ ...type, time_to_live_seconds: 600 }),
    ).resolves.toBeDefined();
  });
});
