import { createHealthStore } from '../../db/health-figures.ts';
import { HEALTH_QUERIES } from '../../db/health-queries.ts';
import { createKnex } from '../../db/knex.ts';
import { plansOf, wholeReadsOf } from '../support/query-plans.ts';
import { createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

const HOUR = { windowSeconds: 3_600, bucketSeconds: 60 };
const DAY = { windowSeconds: 86_400, bucketSeconds: 900 };
const LARGE = ['transactions', 'push_sends', 'sms_sends', 'callback_attempts'];

let fixture: Fixture;
let phone: Enrolled;
let health: ReturnType<typeof createHealthStore>;

beforeAll(async () => {
  fixture = await createFixture();
  health = createHealthStore(fixture.knex);
  phone = await fixture.enrol('alice');
});
afterAll(() => fixture?.database.drop());

/** A transaction that was settled so many minutes ago, `seconds` after its begin. */
async function settled(status: string, minutesAgo: number, seconds: number): Promise<string> {
  const id = await fixture.open(phone);
  await fixture
    .knex('transactions')
    .where({ id })
    .update({
      ...{ status, outcome: JSON.stringify({ status }) },
      settled_at: fixture.knex.raw('now() - make_interval(mins => ?)', [minutesAgo]),
      created_at: fixture.knex.raw('now() - make_interval(mins => ?, secs => ?)', [minutesAgo, seconds]),
    });
  return id;
}

const total = (points: readonly { readonly count: number }[]) => points.reduce((sum, { count }) => sum + count, 0);

describe('the figures of health', () => {
  beforeAll(async () => {
    const { knex } = fixture;
    const [one, two, three] = [
      await settled('approved', 5, 4),
      await settled('approved', 5, 6),
      await settled('denied', 5, 20),
    ];
    await settled('expired', 5, 600);
    await settled('approved', 180, 1);
    await settled('approved', 3_000, 1);
    await fixture.open(phone);
    await knex('push_sends').insert([
      { transaction_id: one, step: 0, provider_message_id: 'm-1' },
      { transaction_id: two, step: 0, failure: 'token_gone', provider_code: 'UNREGISTERED' },
      { transaction_id: three, step: 0, failure: 'token_gone', provider_code: 'UNREGISTERED' },
      { transaction_id: three, step: 1, failure: 'unreachable' },
      { transaction_id: one, step: 1, failure: 'token_gone', sent_at: knex.raw("now() - interval '2 days'") },
    ]);
    await knex('sms_sends').insert([
      ...[{ step: 0, failure: null, delivery_stage: 'undelivered' }].map((send) => ({ ...send, transaction_id: one })),
      {
        transaction_id: two,
        step: 0,
        gateway: 'demo',
        failure: 'sms_not_sent',
        provider_code: '21610',
        ended_at: new Date(),
      },
    ]);
    await knex('callback_attempts').insert([
      { transaction_id: one, number: 0, duration_ms: 9, http_status: 500, failure: 'status_500' },
      { transaction_id: one, number: 1, duration_ms: 9, http_status: 204, failure: null },
      { transaction_id: two, number: 0, duration_ms: 9, http_status: 500, failure: 'status_500' },
    ]);
    await knex('sms_budgets').insert({
      scope: 'day',
      key: '',
      window_start: knex.raw("date_trunc('day', now(), 'UTC')"),
      used: 7,
    });
  });

  it('are of the window that is asked for, in buckets', async () => {
    const [hour, day] = [await health.read(HOUR), await health.read(DAY)];
    expect([total(hour.begun), total(day.begun)]).toEqual([5, 6]);
    const statuses = (figures: typeof hour) => figures.settled.map(({ status, count }) => `${status} ${count}`).sort();
    expect(statuses(hour)).toEqual(['approved 2', 'denied 1', 'expired 1']);
    expect(total(day.settled)).toBe(5);
    for (const { atMs } of [...hour.begun, ...hour.settled, ...hour.attempts]) expect(atMs % 60_000).toBe(0);
    for (const { atMs } of [...day.begun, ...day.settled]) expect(atMs % 900_000).toBe(0);
  });

  it('tell how long users took to answer, and not how long they did not', async () => {
    const { answered } = await health.read(HOUR);
    expect(answered).toHaveLength(1);
    expect(answered[0]?.p50).toBeCloseTo(6, 1);
    expect(answered[0]?.p95).toBeCloseTo(18.6, 1);
  });

  it('tell what providers, gateways and portals said', async () => {
    expect(await health.read(HOUR)).toMatchObject({
      pushes: { sent: 1, failed: 3 },
      providerErrors: [
        { provider: 'fcm_http_v1', code: 'UNREGISTERED', count: 2 },
        { provider: 'fcm_http_v1', code: 'unreachable', count: 1 },
        { provider: 'demo', code: '21610', count: 1 },
      ],
      attempts: [{ count: 3, failures: 2 }],
      callbacksWaiting: 1,
      ...{ pending: 1, overdue: 0, sms: { today: 7, perDay: 10_000, undelivered: 1 } },
    });
  });

  it('list addresses in quarantine, which one of sixteen at once releases, with an event', async () => {
    const address = 'https://portal.example/a/secret-path';
    await fixture.knex('callback_address_health').insert([
      {
        address,
        last_failure: 'status_500',
        consecutive_failures: 9,
        quarantined_at: new Date(1e12),
        next_trial_at: new Date(2e12),
        trials: 3,
      },
      { address: 'https://portal.example/failing', last_failure: 'timeout' },
    ]);
    expect((await health.read(HOUR)).quarantined).toEqual([
      { address, sinceMs: 1e12, failures: 9, lastFailure: 'status_500', trials: 3, nextTrialAtMs: 2e12 },
    ]);
    const author = { operator: 'carol' };
    const released = await Promise.all(sixteen(() => health.release(address, author, 'The portal is well')));
    expect(released.filter(Boolean)).toHaveLength(1);
    expect(await health.release('https://portal.example/failing', author, 'No quarantine')).toBe(false);
    const events = await fixture.knex('events').where({ name: 'ADMIN_CALLBACK_ADDRESS_RELEASED' });
    expect(events).toMatchObject([
      { agent_user: 'carol', details: { operator: 'carol', host: 'portal.example', reason: 'The portal is well' } },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret-path');
  });
});

describe('with a hundred thousand of everything', () => {
  beforeAll(async () => {
    const patient = createKnex({ connectionString: fixture.database.url, poolSize: 1, queryTimeoutMs: 100_000 });
    const at = "now() - n * interval '10 seconds'";
    await patient.raw(
      `insert into transactions (id, client_id, user_id, device_id, enrolment_id, type_name, policy_version, method,
         request_sha256, created_at, expires_at, status, outcome, settled_at)
       select md5(n::text)::uuid, 'portal', 'alice', ?, ?, 'push', 1, 'otp', '', ${at}, ${at} + interval '1 minute', 'approved',
              '{}', ${at} + interval '9 seconds'
         from generate_series(1, 100000) n`,
      [phone.deviceId, phone.enrolmentId],
    );
    const failure = "case n % 10 when 0 then 'unreachable' end";
    await patient.raw(
      `insert into push_sends (transaction_id, step, failure, sent_at)
       select md5(n::text)::uuid, 0, ${failure}, ${at} from generate_series(1, 100000) n`,
    );
    await patient.raw(
      `insert into sms_sends (transaction_id, step, failure, started_at, ended_at, delivery_stage)
       select md5(n::text)::uuid, 0, ${failure}, ${at}, ${at}, case n % 10 when 1 then 'failed' end
         from generate_series(1, 100000) n`,
    );
    await patient.raw(
      `insert into callback_attempts (transaction_id, number, duration_ms, failure, attempted_at)
       select md5(n::text)::uuid, 0, 9, ${failure}, ${at} from generate_series(1, 100000) n`,
    );
    for (const table of LARGE) await patient.raw(`analyze ${table}`);
    await patient.destroy();
  }, 120_000);

  it.each(Object.entries(HEALTH_QUERIES))('%s reads no table from end to end', async (_name, sql) => {
    const bindings = [...sql.matchAll(/\?/g)].map((_, index, all) => (all.length === 2 && index === 0 ? 60 : 3_600));
    expect(wholeReadsOf(await plansOf(fixture.knex, { sql, bindings }), ...LARGE)).toEqual([]);
  });
});
