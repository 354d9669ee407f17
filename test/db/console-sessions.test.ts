import { randomBytes } from 'node:crypto';
import type { ConsoleOperator } from '../../api/ports.ts';
import { createConsoleSessionStore } from '../../db/console-sessions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sixteen } from './fixture.ts';

const ANNE: ConsoleOperator = {
  ...{ authority: 'https://idp.example', subject: 'u-1', name: 'anne', scopes: ['countersign_operator'] },
};
const BEN: ConsoleOperator = { ...ANNE, subject: 'u-2', name: 'ben' };
const CALLER = { ip: '192.0.2.7', userAgent: 'A browser' };
const AUTHORITIES = [ANNE.authority];

let database: TestDatabase;
let sessions: ReturnType<typeof createConsoleSessionStore>;
beforeAll(async () => {
  database = await createTestDatabase();
  sessions = createConsoleSessionStore(database.knex);
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.knex('console_sessions').delete();
  await database.knex('events').delete();
});

const newId = (): Buffer => randomBytes(32);
async function opened(operator = ANNE): Promise<Buffer> {
  const id = newId();
  await sessions.open(id, operator, CALLER);
  return id;
}
const age = (id: Buffer, columns: Readonly<Record<string, string>>) =>
  database
    .knex('console_sessions')
    .where({ id_sha256: id })
    .update(Object.fromEntries(Object.entries(columns).map(([name, sql]) => [name, database.knex.raw(sql)])));
const isOpen = async (id: Buffer, isUsed = true) => (await sessions.find(id, AUTHORITIES, isUsed)) !== undefined;

it('is found by its id, with who it is, and by those alone who may still let operators in', async () => {
  const id = await opened();
  expect(await sessions.find(id, ['another', ...AUTHORITIES], true)).toEqual({
    ...ANNE,
    expiresAtMs: expect.any(Number),
  });
  expect(await sessions.find(id, ['another'], true)).toBeUndefined();
  expect(await sessions.find(id, [], true)).toBeUndefined();
  expect(await sessions.find(newId(), AUTHORITIES, true)).toBeUndefined();
});

it('ends after half an hour without use; what a page asks by itself is none', async () => {
  const [used, polled] = [await opened(), await opened()];
  for (const id of [used, polled]) await age(id, { last_seen_at: "now() - interval '20 minutes'" });
  const before = Number((await sessions.find(polled, AUTHORITIES, false))?.expiresAtMs);
  expect(await isOpen(used)).toBe(true);
  expect(Number((await sessions.find(used, AUTHORITIES, false))?.expiresAtMs)).toBeGreaterThan(before);
  for (const id of [used, polled]) await age(id, { last_seen_at: "last_seen_at - interval '11 minutes'" });
  expect([await isOpen(used), await isOpen(polled)]).toEqual([true, false]);
});

it('ends after ten hours whatever is done', async () => {
  const id = await opened();
  await age(id, { expires_at: "expires_at - interval '9 hours 59 minutes'" });
  expect(await isOpen(id)).toBe(true);
  await age(id, { expires_at: "expires_at - interval '2 minutes'" });
  expect(await isOpen(id)).toBe(false);
});

it('ends with all others of its operator, once, with an event', async () => {
  const [one, two, others] = [await opened(), await opened(), await opened(BEN)];
  await Promise.all(sixteen(() => sessions.end(one, CALLER)));
  await sessions.end(newId(), CALLER);
  expect([await isOpen(one), await isOpen(two), await isOpen(others)]).toEqual([false, false, true]);
  const events = await database.knex('events').orderBy('id').select('name', 'agent_user', 'client_ip', 'details');
  expect(events.map(({ name, agent_user }) => `${name} ${agent_user}`)).toEqual([
    'ADMIN_OPERATOR_LOGGED_IN anne',
    'ADMIN_OPERATOR_LOGGED_IN anne',
    'ADMIN_OPERATOR_LOGGED_IN ben',
    'ADMIN_OPERATOR_LOGGED_OUT anne',
  ]);
  expect(events[0]).toMatchObject({
    client_ip: '192.0.2.7',
    details: { subject: 'u-1', scopes: 'countersign_operator' },
  });
});

it('is one of twenty at most; the oldest goes', async () => {
  const first = await opened();
  await age(first, { created_at: "now() - interval '1 minute'" });
  for (let count = 0; count < 19; count++) await opened();
  const others = await opened(BEN);
  expect(await isOpen(first)).toBe(true);
  await opened();
  expect([await isOpen(first), await isOpen(others)]).toEqual([false, true]);
  expect(await database.knex('console_sessions').where({ subject: 'u-1' })).toHaveLength(20);
});

it('is forgotten once it has ended', async () => {
  const [idle, old, open] = [await opened(), await opened(), await opened()];
  await age(idle, { last_seen_at: "now() - interval '31 minutes'" });
  await age(old, { expires_at: 'now()' });
  await sessions.prune();
  const left = await database.knex('console_sessions').select('id_sha256');
  expect(left.map(({ id_sha256 }) => id_sha256)).toEqual([open]);
});
