import { pruneStale } from '../../db/prune-stale.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

it('leaves nothing that is stale, however many rows and processes there are, and all else', async () => {
  const { knex } = database;
  await knex.raw(
    `insert into client_assertions (client_id, assertion_id, expires_at)
     select 'portal', n::text, now() + case when n <= 20_001 then interval '-1 second' else interval '1 hour' end
       from generate_series(1, 20_004) n`,
  );
  await Promise.all([1, 2, 3].map(() => pruneStale(knex, 'client_assertions', 'expires_at < now()')));
  expect((await knex('client_assertions').orderBy('assertion_id').pluck('assertion_id')).map(Number)).toEqual([
    20_002, 20_003, 20_004,
  ]);
});
