import { createKnex } from '../../db/knex.ts';
import { PARTS_OF_TRANSACTIONS } from '../../db/retention.ts';
import { createUnfinishedTransactions, UNFINISHED_QUERIES } from '../../db/unfinished-transactions.ts';
import { eventOf } from '../../workflows/domain/events.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';
import { plansOf, wholeReadsOf } from '../support/query-plans.ts';
import { createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let fixture: Fixture;
let phone: Enrolled;
let unfinished: ReturnType<typeof createUnfinishedTransactions>;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
  unfinished = createUnfinishedTransactions(fixture.knex);
});
afterAll(() => fixture?.database.drop());

interface Past {
  readonly callbackUri?: string | null;
  readonly reason?: string;
}

/** A transaction that was settled so long ago; its deadline was a minute later. */
async function settled(agoMs: number, { callbackUri = 'https://portal.example/callback', reason }: Past = {}) {
  const atMs = Date.now() - agoMs;
  const times = { createdAtMs: atMs - MINUTE_MS, deadlineMs: atMs + MINUTE_MS };
  const id = await fixture.open(phone, { callbackUri }, times);
  const outcome = JSON.stringify({ status: 'failed', settledAtMs: atMs, reason });
  await fixture
    .knex('transactions')
    .where({ id })
    .update({ status: 'failed', outcome, settled_at: new Date(atMs) });
  return id;
}

const attempt = (transaction_id: string, failure: string | null) =>
  fixture.knex('callback_attempts').insert({ transaction_id, number: 0, duration_ms: 1, failure });

async function noteAll(): Promise<void> {
  while (!(await unfinished.noteOwed()).isDone);
}
const noted = (): Promise<string[]> => fixture.knex('callbacks_owed').orderBy('expires_at').pluck('transaction_id');

describe('what is left of transactions', () => {
  afterEach(async () => {
    const { knex } = fixture;
    for (const table of [...PARTS_OF_TRANSACTIONS, 'transactions']) await knex(table).delete();
    await knex('callbacks_looked_at').update({ settled_before: knex.raw("now() - interval '72 hours'") });
  });

  it('lists what is pending two minutes after its deadline, in pages', async () => {
    const openedTo = (deadlineMs: number) =>
      fixture.open(phone, {}, { createdAtMs: deadlineMs - MINUTE_MS, deadlineMs });
    const nowMs = Date.now();
    const late = [await openedTo(nowMs - 4 * MINUTE_MS), await openedTo(nowMs - 3 * MINUTE_MS)];
    await openedTo(nowMs - MINUTE_MS);
    await settled(HOUR_MS);
    const [first, second] = [await unfinished.listOverdue(undefined, 1), await unfinished.listOverdue(undefined, 2)];
    expect(second.map(({ transactionId }) => transactionId)).toEqual(late);
    expect(first).toEqual([second[0]]);
    expect(await unfinished.listOverdue(first[0], 2)).toEqual([second[1]]);
  });

  it('notes whose portals are to be told and were not, and nobody else', async () => {
    const [neverCalled, refused, told] = [
      await settled(3 * HOUR_MS),
      await settled(2 * HOUR_MS),
      await settled(HOUR_MS),
    ];
    await attempt(refused, 'status_500');
    await attempt(told, 'status_500');
    await attempt(told, null);
    await settled(HOUR_MS, { callbackUri: null });
    await settled(HOUR_MS, { reason: 'failed_to_send' });
    await settled(MINUTE_MS);
    await settled(80 * HOUR_MS);
    await noteAll();
    expect(await noted()).toEqual([neverCalled, refused]);
  });

  it('looks at what was settled since it last looked, and not at everything again', async () => {
    await noteAll();
    const recent = await settled(3 * MINUTE_MS);
    await settled(HOUR_MS);
    await noteAll();
    expect(await noted()).toEqual([recent]);
  });

  it('overlooks no outcome that is written late', async () => {
    await noteAll();
    const late = await fixture.open(phone, {}, { createdAtMs: Date.now() - HOUR_MS });
    const toldByItsCall = await fixture.open(phone, {}, { createdAtMs: Date.now() - HOUR_MS });
    const withoutPortal = await fixture.open(phone, { callbackUri: null }, { createdAtMs: Date.now() - HOUR_MS });
    const inTime = await fixture.open(phone);
    const settle = (transactionId: string, outcome: FinalState) =>
      fixture.transactions.settle({ transactionId, outcome, event: eventOf(outcome), receipt: 'receipt' });
    const settledAtMs = Date.now() - HOUR_MS;
    await settle(late, { status: 'expired', settledAtMs });
    await settle(withoutPortal, { status: 'expired', settledAtMs });
    await settle(toldByItsCall, { status: 'failed', settledAtMs, reason: 'failed_to_send' });
    await settle(inTime, { status: 'expired', settledAtMs: Date.now() });
    expect(await noted()).toEqual([late]);
  });

  it('writes down every debt once though sixteen look at once', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) ids.push(await settled(HOUR_MS + index * MINUTE_MS));
    await Promise.all(sixteen(noteAll));
    expect((await noted()).sort()).toEqual(ids.sort());
  });

  it('shows what is owed with its redeliveries, and strikes out what is over once it was shown', async () => {
    const [tooOld, told, open] = [await settled(72 * HOUR_MS), await settled(2 * HOUR_MS), await settled(HOUR_MS)];
    await fixture.knex('callbacks_looked_at').update({ settled_before: new Date(0) });
    await fixture.knex('callbacks_owed').insert({ transaction_id: tooOld, expires_at: new Date(0) });
    await noteAll();
    await attempt(told, null);
    const ago = fixture.knex.raw("now() - interval '30 minutes'");
    await fixture.knex('callback_redeliveries').insert([
      { transaction_id: open, number: 1, request_id: open, requested_at: new Date(0) },
      { transaction_id: open, number: 2, request_id: open, requested_at: ago },
    ]);
    const rows = await unfinished.listOwed(undefined, 10);
    expect(rows).toMatchObject([
      { transactionId: tooOld, isOver: true, redeliveries: 0, sinceRedeliveryMs: null },
      { transactionId: told, isOver: true },
      { transactionId: open, isOver: false, redeliveries: 2, callbackUri: 'https://portal.example/callback' },
    ]);
    expect(rows[2]?.sinceRedeliveryMs).toBeGreaterThanOrEqual(30 * MINUTE_MS);
    expect(await noted()).toEqual([open]);
    await unfinished.writeOff(open);
    expect(await unfinished.listOwed(undefined, 10)).toEqual([]);
  });

  it('is looked at each time while it is young, and later when it is old', async () => {
    const [young, old] = [await settled(10 * MINUTE_MS), await settled(8 * HOUR_MS)];
    await noteAll();
    for (const id of [young, old]) await unfinished.lookLater(id);
    const shown = await unfinished.listOwed(undefined, 10);
    expect(shown.map(({ transactionId }) => transactionId)).toEqual([young]);
    const all = await unfinished.listAllOwed(undefined, 10);
    expect(all.map(({ transactionId }) => transactionId)).toEqual([old, young]);
    const [row] = await fixture
      .knex('callbacks_owed')
      .where({ transaction_id: old })
      .select(fixture.knex.raw("look_at between now() and now() + interval '90 minutes' as is_soon"));
    expect(row).toEqual({ is_soon: true });
  });
});

describe('with a hundred thousand settled', () => {
  beforeAll(async () => {
    const patient = createKnex({ connectionString: fixture.database.url, poolSize: 1, queryTimeoutMs: 100_000 });
    const at = "now() - n * interval '2 seconds'";
    await patient.raw(
      `insert into transactions (id, client_id, user_id, device_id, enrolment_id, type_name, policy_version, method,
         request_sha256, created_at, expires_at, status, outcome, settled_at, callback_uri)
       select md5(n::text)::uuid, 'portal', 'alice', ?, ?, 'push', 1, 'push', '', ${at}, ${at} + interval '1 minute',
              'approved', '{}', ${at} + interval '9 seconds', 'https://portal.example/callback'
         from generate_series(1, 100000) n`,
      [phone.deviceId, phone.enrolmentId],
    );
    await patient.raw(
      `insert into callback_attempts (transaction_id, number, duration_ms, attempted_at)
       select md5(n::text)::uuid, 0, 9, ${at} from generate_series(1, 100000) n where n % 100 > 0`,
    );
    for (const table of ['transactions', 'callback_attempts']) await patient.raw(`analyze ${table}`);
    await patient.destroy();
  }, 120_000);

  it.each(Object.entries(UNFINISHED_QUERIES))('%s reads no table from end to end', async (_name, sql) => {
    const bindings = sql.includes('?') ? [0, '00000000-0000-0000-0000-000000000000', 200] : [];
    const plans = await plansOf(fixture.knex, { sql, bindings });
    expect(wholeReadsOf(plans, 'transactions', 'callback_attempts')).toEqual([]);
  });

  it('comes to the end of them in parts, and has noted each', async () => {
    await noteAll();
    expect(await fixture.count('callbacks_owed')).toBe(1_000);
  });
});
