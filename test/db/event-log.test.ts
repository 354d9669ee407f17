import type { Knex } from 'knex';
import { createEventStore } from '../../db/events.ts';
import { createKnex } from '../../db/knex.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let pool: Knex;
let heard: { readonly name: string; readonly user_id: string | null }[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createKnex({
    connectionString: database.url,
    poolSize: 2,
    events: { excluded: ['API_DEVICES_LISTED', 'OTHER'], hear: (event) => heard.push(event as (typeof heard)[number]) },
  });
});
beforeEach(async () => {
  heard = [];
  await database.knex('events').delete();
});
afterAll(async () => {
  await pool?.destroy();
  await database?.drop();
});

const kept = async () => (await database.knex('events').orderBy('id')).map(({ name }) => name);

it('an event is heard as the row that it is, by the process that wrote it', async () => {
  await createEventStore(pool).record({
    name: 'API_DEVICE_REMOVED',
    userId: 'alice',
    caller: { ip: '192.0.2.1', userAgent: 'it\'s "quoted"\\' },
    details: { refusal: 'x' },
  });
  expect(heard).toEqual([
    expect.objectContaining({
      name: 'API_DEVICE_REMOVED',
      user_id: 'alice',
      client_ip: '192.0.2.1',
      user_agent: 'it\'s "quoted"\\',
      details: { refusal: 'x' },
      occurred_at: expect.any(String),
    }),
  ]);
  expect(await kept()).toEqual(['API_DEVICE_REMOVED']);
});

it('an excluded event is heard and not kept, whichever statement writes it', async () => {
  await createEventStore(pool).record({ name: 'API_DEVICES_LISTED' });
  await pool.raw(`with told as (insert into events (name) values ('API_DEVICES_LISTED'), ('API_DEVICE_REMOVED'))
                  select 1`);
  expect(heard.map(({ name }) => name)).toEqual(['API_DEVICES_LISTED', 'API_DEVICES_LISTED', 'API_DEVICE_REMOVED']);
  expect(await kept()).toEqual(['API_DEVICE_REMOVED']);
});

it('an event is not excluded for a name that is part of it', async () => {
  await createEventStore(pool).record({ name: 'OTHER_EVENT' });
  await createEventStore(pool).record({ name: 'THE_OTHER' });
  expect(await kept()).toEqual(['OTHER_EVENT', 'THE_OTHER']);
});

it('an event is not heard where what it tells was undone', async () => {
  const undone = pool.transaction(async (transaction) => {
    await createEventStore(transaction).record({ name: 'API_DEVICE_REMOVED' });
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
  expect(heard).toEqual([]);
});

it('exclusion without a log keeps silent', async () => {
  const silent = createKnex({ connectionString: database.url, poolSize: 1, events: { excluded: ['NOISE'] } });
  await createEventStore(silent).record({ name: 'NOISE' });
  await createEventStore(silent).record({ name: 'MUSIC' });
  await silent.destroy();
  expect(await kept()).toEqual(['MUSIC']);
});
