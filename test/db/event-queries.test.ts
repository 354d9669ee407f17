import { randomUUID } from 'node:crypto';
import type { EventFilter } from '../../api/ports.ts';
import { afterQuery, countQuery, type EventQuery, pageQuery } from '../../db/event-queries.ts';
import { createEventStore } from '../../db/events.ts';
import { createKnex } from '../../db/knex.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plansOf as explained } from '../support/query-plans.ts';

const ROWS = 100_000;
const START_MS = Date.UTC(2026, 0, 1);
const TRANSACTION_ID = randomUUID();

let database: TestDatabase;

/** A hundred thousand events, one a second, of a thousand users, twenty clients and forty names. */
beforeAll(async () => {
  database = await createTestDatabase();
  const patient = createKnex({ connectionString: database.url, poolSize: 1, queryTimeoutMs: 100_000 });
  await patient.raw(
    `insert into events (name, user_id, client_id, transaction_id, occurred_at)
     select 'NAME_' || n % 40, 'User-' || n % 1000, 'client-' || n % 20,
            case when n % 50000 = 7 then ?::uuid else gen_random_uuid() end,
            to_timestamp(?::double precision / 1000) + n * interval '1 second'
       from generate_series(0, ${ROWS - 1}) n`,
    [TRANSACTION_ID, START_MS],
  );
  await patient.raw('analyze events');
  await patient.destroy();
}, 120_000);
afterAll(() => database?.drop());

const plansOf = (query: EventQuery) => explained(database.knex, query);

const FILTERS: [string, EventFilter, string][] = [
  ['nothing', {}, 'events_by_time'],
  ['a user', { userId: 'user-7' }, 'events_of_user'],
  ['a client', { clientId: 'client-7' }, 'events_of_client'],
  ['a name', { names: ['NAME_7'] }, 'events_by_name'],
  ['a transaction', { transactionId: TRANSACTION_ID }, 'events_of_transaction'],
  ['names left out', { exceptNames: ['NAME_7'] }, 'events_by_time'],
  ['a time', { fromMs: START_MS + 5_000_000, beforeMs: START_MS + 6_000_000 }, 'events_by_time'],
  ['a user and a time', { userId: 'USER-7', fromMs: START_MS + 5_000_000 }, 'events_of_user'],
];

it.each(FILTERS)('a page by %s is read from an index, without sorting', async (_by, filter, index) => {
  const plans = await plansOf(pageQuery(filter, { offset: 40, size: 20 }));
  expect(plans.map((plan) => plan['Index Name'])).toContain(index);
  expect(plans.filter((plan) => plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] === 'events')).toEqual([]);
});

it('a page by several names or clients is read from an index too', async () => {
  const plans = await plansOf(pageQuery({ names: ['NAME_7', 'NAME_8'], userId: 'user-7' }, { offset: 0, size: 20 }));
  expect(plans.filter((plan) => plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] === 'events')).toEqual([]);
});

it.each(FILTERS)('the next part of an export by %s is read from an index, without sorting', async (_by, filter) => {
  const place = { occurredAt: new Date(START_MS + 1_000).toISOString(), id: '2' };
  const plans = await plansOf(afterQuery(filter, place, 500));
  expect(plans.filter((plan) => plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] === 'events')).toEqual([]);
  expect(plans.some((plan) => plan['Index Name']?.startsWith('events_'))).toBe(true);
});

it('is counted no further than is asked for', async () => {
  const events = createEventStore(database.knex);
  expect(await events.count({}, 1_000)).toBe(1_000);
  expect(await events.count({ userId: 'user-7' }, 1_000)).toBe(100);
  expect(await events.count({ userId: 'nobody' }, 1_000)).toBe(0);
  const plans = await plansOf(countQuery({ userId: 'user-7' }, 1_000));
  expect(plans.filter((plan) => plan['Node Type'] === 'Seq Scan')).toEqual([]);
});

it('finds what meets all filters, newest first, and all of it from place to place', async () => {
  const events = createEventStore(database.knex);
  const filter: EventFilter = {
    userId: 'USER-7',
    names: ['NAME_7', 'NAME_8'],
    exceptNames: ['NAME_8'],
    clientId: 'client-7',
    fromMs: START_MS + 7_000,
    beforeMs: START_MS + 50_007_000,
  };
  const page = await events.page(filter, { offset: 1, size: 2 });
  expect(page.map(({ occurredAtMs }) => (occurredAtMs - START_MS) / 1_000)).toEqual([48_007, 47_007]);
  const found: number[] = [];
  for (let part = await events.after(filter, undefined, 7); part.length > 0; ) {
    found.push(...part.map(({ occurredAtMs }) => (occurredAtMs - START_MS) / 1_000));
    part = await events.after(filter, part.at(-1)?.place, 7);
  }
  expect(found).toEqual(Array.from({ length: 50 }, (_, index) => index * 1_000 + 7));
  const ofTransaction = await events.page({ transactionId: TRANSACTION_ID }, { offset: 0, size: 10 });
  expect(ofTransaction).toHaveLength(2);
});
