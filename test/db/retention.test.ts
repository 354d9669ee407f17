import { createApiTransactionStore } from '../../db/portal-and-device-transactions.ts';
import { createPushLog } from '../../db/push-log.ts';
import { createRetentionStore, PARTS_OF_TRANSACTIONS } from '../../db/retention.ts';
import { createFixture, type Enrolled, type Fixture } from './fixture.ts';

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

it.each(['messages', 'transactions', 'events'] as const)('finds old %s by an index', async (what) => {
  const { knex } = fixture;
  await knex.transaction(async (transaction) => {
    await transaction.raw('set local enable_seqscan = off');
    const table = what === 'events' ? 'events' : 'transactions';
    const column = what === 'events' ? 'occurred_at' : 'expires_at';
    const also = what === 'messages' ? `and sealed_message is not null and status <> 'pending'` : '';
    const { rows } = await transaction.raw(
      `explain select id from ${table} where ${column} < now() ${also} order by ${column} limit 500`,
    );
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(
      {
        messages: 'transactions_with_message_by_expiry',
        transactions: 'transactions_by_expiry',
        events: 'events_by_time',
      }[what],
    );
  });
});
