import { loosenLimits } from '../../dev/demo-limits.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const settings = () => database.knex('general_settings').first();

it('lets whoever tries things out ask the same user again and again, also after "not me"', async () => {
  for (const _start of ['first', 'second']) {
    await loosenLimits(database.knex);
    expect(await settings()).toMatchObject({
      push_max_pending: 100,
      push_free_misses: 100,
      push_blocked_by_not_me: false,
    });
  }
});

it('leaves limits that somebody has set', async () => {
  const own = { push_max_pending: 2, push_free_misses: 3, push_blocked_by_not_me: true };
  await database.knex('general_settings').update(own);
  await loosenLimits(database.knex);
  expect(await settings()).toMatchObject(own);
});
