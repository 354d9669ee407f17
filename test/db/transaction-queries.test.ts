import type { TransactionFilter } from '../../api/ports.ts';
import { createKnex } from '../../db/knex.ts';
import { createOperatorTransactionStore } from '../../db/operator-transactions.ts';
import { transactionPageQuery } from '../../db/transaction-queries.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plansOf, wholeReadsOf } from '../support/query-plans.ts';

const ROWS = 100_000;
const START_MS = Date.UTC(2026, 0, 1);

let database: TestDatabase;
let transactions: ReturnType<typeof createOperatorTransactionStore>;

/** A hundred thousand, one a second, of a thousand users, twenty clients, ten types; two at each moment at the end. */
beforeAll(async () => {
  database = await createTestDatabase();
  transactions = createOperatorTransactionStore(database.knex);
  const patient = createKnex({ connectionString: database.url, poolSize: 1, queryTimeoutMs: 100_000 });
  await patient.raw(
    `insert into transactions (id, client_id, user_id, device_id, type_name, policy_version, method, request_sha256,
       created_at, expires_at, status, outcome, settled_at)
     select gen_random_uuid(), 'client-' || n % 20, 'User-' || n % 1000, 'device-' || n % 2000, 'type-' || n % 10, 1,
            case n % 50 when 0 then 'sms' else 'otp' end, '', at, at + interval '2 minutes', status,
            case status when 'pending' then null else jsonb_build_object('status', status) end,
            case status when 'pending' then null else at + interval '9 seconds' end
       from (select n, to_timestamp(?::double precision / 1000) + (n / 2) * interval '1 second' as at,
                    case n % 100 when 0 then 'pending' when 1 then 'denied' else 'approved' end as status
               from generate_series(0, ${ROWS - 1}) n) made`,
    [START_MS],
  );
  await patient.raw('analyze transactions');
  await patient.destroy();
}, 120_000);
afterAll(() => database?.drop());

const FILTERS: [string, TransactionFilter, string][] = [
  ['nothing', {}, 'transactions_by_time'],
  ['an id', { id: '01a20c37-4cc5-73e6-aaf1-f5c832e212cc' }, 'transactions_pkey'],
  ['a user', { userId: 'User-7' }, 'transactions_of_user'],
  ['a device', { deviceId: 'device-7' }, 'transactions_of_device'],
  ['a client', { clientId: 'client-7' }, 'transactions_of_client'],
  ['a type', { type: 'type-7' }, 'transactions_of_type'],
  ['a status', { status: 'denied' }, 'transactions_by_status'],
  ['a method', { method: 'sms' }, 'transactions_by_method'],
  ['a time', { fromMs: START_MS + 5_000_000, beforeMs: START_MS + 6_000_000 }, 'transactions_by_time'],
  ['a user and a time', { userId: 'User-7', fromMs: START_MS + 5_000_000 }, 'transactions_of_user'],
];

it.each(FILTERS)('a page by %s is read from an index, without sorting', async (by, filter, index) => {
  const after = { createdAt: '2026-01-01 05:00:00+00', id: '01a20c37-4cc5-73e6-aaf1-f5c832e212cc' };
  for (const page of [{ limit: 51 }, { limit: 51, after }]) {
    const plans = await plansOf(database.knex, transactionPageQuery(filter, page));
    expect(plans.map((plan) => plan['Index Name'])).toContain(index);
    expect(wholeReadsOf(plans, 'transactions')).toEqual([]);
    // The id alone finds one row, which nobody needs in any order.
    const sorts = plans.filter((plan) => plan['Node Type'] === 'Sort' || plan['Node Type'].startsWith('Bitmap'));
    expect({ by, sorts: by === 'an id' ? [] : sorts.slice(1) }).toEqual({ by, sorts: [] });
  }
});

it('is read to its end from page to page, newest first, each once', async () => {
  const filter: TransactionFilter = { userId: 'User-100', status: 'pending', fromMs: START_MS + 1, type: 'type-0' };
  const seen: string[] = [];
  const times: number[] = [];
  for (let after: { createdAt: string; id: string } | undefined; ; ) {
    const page = await transactions.page(filter, { after, limit: 7 });
    seen.push(...page.map(({ id }) => id));
    times.push(...page.map(({ createdAtMs }) => createdAtMs));
    after = page.at(-1)?.place;
    if (page.length < 7) break;
  }
  expect([seen.length, new Set(seen).size]).toEqual([100, 100]);
  expect(times).toEqual([...times].sort((one, other) => other - one));
});

it('tells apart what began at the same moment', async () => {
  const [first, second, third] = await transactions.page({}, { limit: 3 });
  expect(first?.createdAtMs).toBe(second?.createdAtMs);
  const [next] = await transactions.page({}, { limit: 1, after: first?.place });
  expect(next?.id).toBe(second?.id);
  expect((await transactions.page({}, { limit: 1, after: second?.place }))[0]?.id).toBe(third?.id);
});

it('finds what meets all filters', async () => {
  const all: TransactionFilter = {
    ...{
      userId: 'User-1',
      deviceId: 'device-1',
      type: 'type-1',
      status: 'denied',
      method: 'otp',
      clientId: 'client-1',
    },
    ...{ fromMs: START_MS, beforeMs: START_MS + 1_000 },
  };
  expect(await transactions.page(all, { limit: 10 })).toMatchObject([
    { userId: 'User-1', status: 'denied', createdAtMs: START_MS, settledAtMs: START_MS + 9_000 },
  ]);
  for (const other of [{ userId: 'user-1' }, { status: 'approved' }, { beforeMs: START_MS }] as TransactionFilter[]) {
    expect(await transactions.page({ ...all, ...other }, { limit: 10 })).toEqual([]);
  }
});
