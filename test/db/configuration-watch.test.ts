import { type ConfigurationWatch, watchConfiguration } from '../../db/configuration-watch.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let watches: ConfigurationWatch[];

beforeEach(async () => {
  database = await createTestDatabase();
  watches = [1, 2].map(() => watchConfiguration({ connectionString: database.url }));
  await Promise.all(watches.map((watch) => watch.listening()));
});

afterEach(async () => {
  await Promise.all(watches.map((watch) => watch.stop()));
  await database.drop();
});

/** Resolves at the next change of these tables. */
const changeOf = (watch: ConfigurationWatch | undefined, ...tables: string[]): Promise<void> =>
  new Promise((resolve) => watch?.onChange(tables, resolve));

it.each([
  ['features', 'update features set geolocation = false'],
  ['general_settings', 'update general_settings set enrolment_enabled = false'],
  ['authentication_types', `insert into authentication_types values ('t', 'push', 60, 0)`],
  ['push_configurations', 'delete from push_configurations'],
  ['applications', `insert into applications (id, name) values ('a', 'A')`],
  ['app_versions', 'delete from app_versions'],
  ['api_clients', 'update api_clients set name = name'],
  ['sms_gateways', 'delete from sms_gateways'],
  ['server_keys', 'truncate server_keys'],
  ['callback_addresses', 'delete from callback_addresses'],
  ['locales', `insert into locales values ('es')`],
  ['translations', `delete from translations where locale = 'de'`],
])('tells every listener of a change of %s, whoever makes it', async (table, statement) => {
  const told = watches.map((watch) => changeOf(watch, table));
  const others: string[] = [];
  watches[0]?.onChange(['another_table'], () => others.push('told'));
  await database.knex.raw(statement);
  await Promise.all(told);
  expect(others).toEqual([]);
});

it('has everything forgotten when its connection was lost, and listens again', async () => {
  const [watch] = watches;
  const forgotten = changeOf(watch, 'features');
  const lost = watch?.backendId();
  expect(lost).toBeGreaterThan(0);
  await database.knex.raw('select pg_terminate_backend(?)', [lost as number]);
  // Nothing was changed: what may have been missed is forgotten as the new connection listens.
  await forgotten;
  await watch?.listening();
  expect(watch?.backendId()).not.toBe(lost);
  const told = changeOf(watch, 'api_clients');
  await database.knex.raw('update api_clients set name = name');
  await told;
});

it('comes to listen when there was no database at first', async () => {
  const url = new URL(database.url);
  const name = `late_${url.pathname.slice(1)}`;
  url.pathname = `/${name}`;
  const failures: unknown[] = [];
  let failed = (): void => {};
  const firstFailure = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const late = watchConfiguration({
    connectionString: url.href,
    warn: (error) => {
      failures.push(error);
      failed();
    },
  });
  await firstFailure;
  await database.knex.raw(`create database ${name}`);
  await late.listening();
  expect(failures[0]).toMatchObject({ code: '3D000' });
  await late.stop();
  await database.knex.raw(`drop database ${name} with (force)`);
});
