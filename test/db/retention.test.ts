import { randomUUID } from 'node:crypto';
import { createApiTransactionStore } from '../../db/portal-and-device-transactions.ts';
import { createPushLog } from '../../db/push-log.ts';
import { createRetentionStore, PARTS_OF_TRANSACTIONS } from '../../db/retention.ts';
import { APPLICATION_ID, CLIENT_ID, createFixture, type Enrolled, type Fixture } from './fixture.ts';

const HOUR_MS = 3_600_000;
const SEALED = ['sealed_message', 'sealed_secure_message', 'sealed_signing_data', 'sealed_phone_number'] as const;

let fixture: Fixture;
let phone: Enrolled;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
});
afterEach(async () => {
  const { knex } = fixture;
  for (const table of [...PARTS_OF_TRANSACTIONS, 'transactions', 'events']) await knex(table).delete();
});
afterAll(() => fixture?.database.drop());

const store = () => createRetentionStore(fixture.knex);

/** A transaction that ended so many hours ago, with everything that belongs to it. */
async function ended(hoursAgo: number, status = 'denied'): Promise<string> {
  const { knex } = fixture;
  const deadlineMs = Date.now() - hoursAgo * HOUR_MS;
  const texts = { secureMessage: 'secret', signingData: 'signed', phoneNumber: '+31201234567' };
  const id = await fixture.open(phone, texts, { createdAtMs: deadlineMs - 60_000, deadlineMs });
  if (status === 'pending') return id;
  const outcome = JSON.stringify({ status, settledAtMs: deadlineMs });
  await knex('transactions')
    .where({ id })
    .update({ status, outcome, settled_at: new Date(deadlineMs) });
  const of = { transaction_id: id };
  await knex('evidence').insert({ ...of, enrolment_id: phone.enrolmentId, answer: 'a', answer_sha256: `sha-${id}` });
  await knex('receipts').insert({ ...of, receipt: 'r' });
  await knex('push_sends').insert({ ...of, step: 0, provider_message_id: 'm' });
  await knex('callback_attempts').insert({ ...of, number: 0, duration_ms: 1 });
  await knex('callback_redeliveries').insert({ ...of, number: 1, request_id: of.transaction_id });
  await knex('callbacks_owed').insert({ ...of, expires_at: new Date(deadlineMs) });
  await knex('answer_attempts').insert({
    ...of,
    answer_sha256: `sha-${id}`,
    enrolment_id: phone.enrolmentId,
    kind: 'pin',
  });
  await knex('sms_sends').insert({ ...of, step: 0 });
  await knex('sms_attempts').insert({ ...of, id: `attempt-${id}` });
  return id;
}

it('knows every table that belongs to transactions', async () => {
  const { rows } = await fixture.knex.raw(
    `select conrelid::regclass::text as name from pg_constraint where confrelid = 'transactions'::regclass order by 1`,
  );
  expect(rows.map(({ name }: { name: string }) => name)).toEqual([...PARTS_OF_TRANSACTIONS].sort());
});

it('erases the texts of transactions that ended long enough ago, and leaves all else', async () => {
  const [old, recent, pending] = [await ended(25), await ended(23), await ended(25, 'pending')];
  expect(await store().forget('messages', 24, 500)).toBe(1);
  expect(await store().forget('messages', 24, 500)).toBe(0);
  const rowOf = (id: string) => fixture.knex('transactions').where({ id }).first();
  const erased = await rowOf(old);
  expect(SEALED.map((column) => erased[column])).toEqual([null, null, null, null]);
  expect(erased).toMatchObject({ status: 'denied', user_id: 'alice' });
  for (const id of [recent, pending]) {
    const kept = await rowOf(id);
    for (const column of SEALED) expect(kept[column]).toEqual(expect.any(String));
  }
  expect(await fixture.count('receipts')).toBe(2);
});

it('lets an erased transaction be read: its outcome stays', async () => {
  const old = await ended(25);
  await store().forget('messages', 24, 500);
  const api = createApiTransactionStore(fixture.knex, fixture.keyring);
  expect(await api.findForEnrolment(old, phone.enrolmentId)).toMatchObject({
    message: '',
    secureMessage: null,
    outcome: { status: 'denied' },
  });
  expect(await api.findForClient(old, 'portal')).toMatchObject({ outcome: { status: 'denied' } });
  expect(await createPushLog(fixture.knex, fixture.keyring).findDue(old, 1)).toBeUndefined();
});

it('deletes old transactions with all that belongs to them, pending ones that lost their workflow too', async () => {
  const [, recent] = [await ended(200), await ended(100), await ended(200, 'pending')];
  expect(await store().forget('transactions', 150, 500)).toBe(2);
  expect(await fixture.knex('transactions').pluck('id')).toEqual([recent]);
  for (const table of PARTS_OF_TRANSACTIONS) {
    expect(await fixture.knex(table).pluck('transaction_id')).toEqual([recent]);
  }
});

it('deletes old tickets and attempts to change a PIN, which belong to no transaction', async () => {
  const { knex } = fixture;
  const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * HOUR_MS);
  await knex('enrolment_tickets').delete();
  const [old, recent] = [randomUUID(), randomUUID()];
  for (const [reference, hours] of [
    [old, 151],
    [recent, 149],
  ] as const) {
    const ticket = {
      secret_sha256: Buffer.alloc(32),
      user_id: 'alice',
      application_id: APPLICATION_ID,
      client_id: CLIENT_ID,
    };
    await knex('enrolment_tickets').insert({ ...ticket, reference, expires_at: at(hours) });
    const attempt = { answer_sha256: `${hours}`, enrolment_id: phone.enrolmentId, kind: 'pin' };
    await knex('answer_attempts').insert({ ...attempt, charged_at: at(hours) });
  }
  await ended(100);
  expect(await store().forget('transactions', 150, 500)).toBe(1);
  expect(await knex('enrolment_tickets').pluck('reference')).toEqual([recent]);
  expect(await knex('answer_attempts').where({ transaction_id: null }).pluck('answer_sha256')).toEqual(['149']);
  expect(await fixture.count('transactions')).toBe(1);
});

it.each([
  ['tickets', 'enrolment_tickets'],
  ['attempts to change a PIN', 'answer_attempts'],
  ['asked users', 'asked_users'],
])('says that there is more while only %s are left', async (_what, table) => {
  const { knex } = fixture;
  const insert = {
    enrolment_tickets: `insert into enrolment_tickets (reference, secret_sha256, user_id, application_id, client_id, expires_at)
      select gen_random_uuid(), '\\x00', 'alice', '${APPLICATION_ID}', '${CLIENT_ID}', now() - interval '200 hours'
        from generate_series(1, 7)`,
    answer_attempts: `insert into answer_attempts (answer_sha256, enrolment_id, kind, charged_at)
      select n::text, '${phone.enrolmentId}', 'pin', now() - interval '200 hours' from generate_series(1, 7) n`,
    asked_users: `insert into asked_users (user_id, changed_at)
      select n::text, now() - interval '49 hours' from generate_series(1, 7) n`,
  }[table] as string;
  await knex.raw(insert);
  const forgotten: number[] = [];
  do forgotten.push(await store().forget('transactions', 150, 3));
  while (forgotten.at(-1) === 3);
  expect(forgotten).toEqual([3, 3, 1]);
});

it('deletes old events', async () => {
  const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * HOUR_MS);
  await fixture.knex('events').insert([50, 49, 47].map((hours) => ({ name: 'N', occurred_at: at(hours) })));
  expect(await store().forget('events', 48, 500)).toBe(2);
  expect(await fixture.count('events')).toBe(1);
});

it('takes no more than a batch, the oldest first, and none twice when sixteen do it at once', async () => {
  await fixture.knex.raw(
    `insert into events (name, occurred_at)
     select 'N' || n, now() - interval '100 hours' - n * interval '1 second' from generate_series(1, 100) n`,
  );
  expect(await store().forget('events', 48, 10)).toBe(10);
  // 91 to 100 are older.
  expect(await fixture.knex('events').orderBy('occurred_at').first()).toMatchObject({ name: 'N90' });
  const taken = await Promise.all(Array.from({ length: 16 }, () => store().forget('events', 48, 5)));
  const left = await fixture.count('events');
  expect(taken.reduce((sum, count) => sum + count, 0)).toBe(90 - left);
});

it.each([
  ['transactions', 'expires_at', `and sealed_message is not null and status <> 'pending'`, 'with_message_by_expiry'],
  ['transactions', 'expires_at', '', 'transactions_by_expiry'],
  ['events', 'occurred_at', '', 'events_by_time'],
  ['enrolment_tickets', 'expires_at', '', 'enrolment_tickets_by_expiry'],
  ['answer_attempts', 'charged_at', 'and transaction_id is null', 'answer_attempts_of_pin_changes_by_age'],
  ['asked_users', 'changed_at', 'and blocked_at is null', 'asked_users_by_age'],
])('finds old %s by an index on %s %s', async (table, column, also, index) => {
  const { knex } = fixture;
  await knex.transaction(async (transaction) => {
    await transaction.raw('set local enable_seqscan = off');
    const { rows } = await transaction.raw(
      `explain select ctid from ${table} where ${column} < now() ${also} order by ${column} limit 500`,
    );
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(index);
  });
});
