import { JOIN_PUSH_CONFIGURATION } from './push-provider-of.ts';

/** Rows that one figure looks at, the newest first: what is older counts as if it were not there. */
export const LOOKED_AT_MOST = 200_000;
/** Of failures each of which has to be looked up. */
const FAILURES_AT_MOST = 5_000;
const CODES_AT_MOST = 50;
const QUARANTINED_AT_MOST = 100;

const UTC = "created_at at time zone 'UTC'";

/** Binds the seconds of a bucket; the beginning of the bucket, epoch ms. */
const bucketOf = (column: string) => `(floor(extract(epoch from ${column}) * 1000 / b.ms) * b.ms)::float8 as "atMs"`;
const BUCKET = '(select ?::float8 * 1000 as ms) b';
const WINDOW = 'make_interval(secs => ?::float8)';

/** The newest of what an index has by this time. */
const newestOf = (columns: string, from: string, at: string) =>
  `(select ${columns} from ${from} order by ${at} desc limit ${LOOKED_AT_MOST}) n`;

const ERRORS_OF = (found: string) => `
  select provider, code, count(*)::int as count from (${found}) f
   group by provider, code order by count desc, provider, code limit ${CODES_AT_MOST}`;

/** By name; each reads the newest of an index (db/migrations/0020-console.ts), and no more than it may. */
export const HEALTH_QUERIES = {
  /** Binds bucket and window, as the next three. */
  begun: `select ${bucketOf('n.created_at')}, count(*)::int as count
    from ${BUCKET}, ${newestOf(
      'created_at',
      `transactions where ${UTC} > (now() - ${WINDOW}) at time zone 'UTC'`,
      UTC,
    )} group by 1 order by 1`,

  settled: `select ${bucketOf('n.settled_at')}, n.status, count(*)::int as count
    from ${BUCKET}, ${newestOf('settled_at, status', `transactions where settled_at > now() - ${WINDOW}`, 'settled_at')}
   group by 1, 2 order by 1, 2`,

  answered: `select ${bucketOf('n.settled_at')},
      percentile_cont(0.5) within group (order by extract(epoch from n.settled_at - n.created_at))::float8 as p50,
      percentile_cont(0.95) within group (order by extract(epoch from n.settled_at - n.created_at))::float8 as p95
    from ${BUCKET}, ${newestOf(
      'settled_at, created_at, status',
      `transactions where settled_at > now() - ${WINDOW}`,
      'settled_at',
    )} where n.status in ('approved', 'denied') group by 1 order by 1`,

  attempts: `select ${bucketOf('n.attempted_at')}, count(*)::int as count, count(n.failure)::int as failures
    from ${BUCKET}, ${newestOf(
      'attempted_at, failure',
      `callback_attempts where attempted_at > now() - ${WINDOW}`,
      'attempted_at',
    )} group by 1 order by 1`,

  /** Binds the window, as the next two. */
  pushes: `select count(*) filter (where failure is null)::int as sent, count(failure)::int as failed
    from ${newestOf('failure', `push_sends where sent_at > now() - ${WINDOW}`, 'sent_at')}`,

  // Each failure looks up its provider by keys, which the planner would take for more than to read whole tables.
  pushErrors: ERRORS_OF(`
    select coalesce(p.provider, 'none') as provider, coalesce(s.provider_code, s.failure) as code
      from (select * from push_sends where failure is not null and sent_at > now() - ${WINDOW}
             order by sent_at desc limit ${FAILURES_AT_MOST}) s
      left join lateral (
        select c.provider from transactions t ${JOIN_PUSH_CONFIGURATION}
         where t.id = s.transaction_id limit 1) p on true`),

  smsErrors: ERRORS_OF(`
    select coalesce(gateway, 'none') as provider, coalesce(provider_code, failure) as code
      from sms_sends where failure is not null and ended_at > now() - ${WINDOW}
     order by ended_at desc limit ${FAILURES_AT_MOST}`),

  /** Binds nothing, as the next one. */
  quarantined: `select address, consecutive_failures as failures, last_failure as "lastFailure", trials,
           floor(extract(epoch from quarantined_at) * 1000)::float8 as "sinceMs",
           floor(extract(epoch from next_trial_at) * 1000)::float8 as "nextTrialAtMs"
      from callback_address_health where quarantined_at is not null
     order by quarantined_at desc limit ${QUARANTINED_AT_MOST}`,

  /** Of today, as SMS are counted by days. */
  undelivered: `select count(*)::int as count from (
      select from sms_sends where delivery_stage in ('undelivered', 'failed')
         and started_at >= date_trunc('day', now(), 'UTC') limit ${FAILURES_AT_MOST}) u`,
} as const;
