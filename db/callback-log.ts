import type { Knex } from 'knex';
import type { CallbackLog, CallbackRecord, FailingAddress } from '../activities/ports.ts';
import { MAX_REDELIVERIES } from '../workflows/domain/callback-schedule.ts';
import { rows } from './knex.ts';

/** The attempt and its event, and then what it means for the address. */
const recordWith = (address: string) => `
  with attempted as (
    insert into callback_attempts (transaction_id, delivery, number, duration_ms, http_status, failure)
    values (?, ?, ?, ?, ?, ?) returning transaction_id
  ), told as (
    insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
    select ?, ?::jsonb, t.id, t.user_id, t.client_id, t.application_id, t.device_id
      from transactions t join attempted on attempted.transaction_id = t.id
  ), ${address}`;

const RECORD_SUCCESS = recordWith(`
  well as (delete from callback_address_health where address = ? returning quarantined_at, trials)
  insert into events (name, details, transaction_id, client_id)
  select 'CALLBACK_ADDRESS_RELEASED', jsonb_build_object('trials', well.trials), t.id, t.client_id
    from transactions t join attempted on attempted.transaction_id = t.id cross join well
   where well.quarantined_at is not null`);

/** Rows that nothing has touched for days go with the next failure; few at a time, and none that others hold. */
const RECORD_FAILURE = recordWith(`
  forgotten as (
    delete from callback_address_health where address in (
      select address from callback_address_health where last_failed_at < now() - interval '4 days'
       order by last_failed_at limit 10 for update skip locked)
  ), ailing as (
    insert into callback_address_health as h (address, last_failure) values (?, ?)
    on conflict (address) do update
       set consecutive_failures = h.consecutive_failures + 1, last_failed_at = now(), last_failure = excluded.last_failure
    returning h.consecutive_failures, h.failing_since, h.quarantined_at
  )
  select consecutive_failures as consecutive, (extract(epoch from failing_since) * 1000)::float8 as "sinceMs",
         quarantined_at is not null as "isQuarantined", (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"
    from ailing`);

/** The worker's side of the delivery log. */
export function createCallbackLog(database: Knex): CallbackLog {
  return {
    async standingOf(transactionId, delivery) {
      const [row] = await rows<{ isDelivered: boolean; lastNumber: number }>(
        database,
        `select coalesce(bool_or(failure is null and (delivery = ? or ? = 0)), false) as "isDelivered",
                coalesce(max(number) filter (where delivery = ?), 0) as "lastNumber"
           from callback_attempts where transaction_id = ?`,
        [delivery, delivery, delivery, transactionId],
      );
      return row as { isDelivered: boolean; lastNumber: number };
    },

    async openRedelivery(transactionId, number, requestId) {
      const [row] = await rows<{ isOurs: boolean }>(
        database,
        `with opened as (
           insert into callback_redeliveries as r (transaction_id, number, request_id)
           select ?, ?, ? where ? <= ${MAX_REDELIVERIES}
           on conflict (transaction_id, number) do update set request_id = excluded.request_id
            where r.request_id = excluded.request_id
           returning r.transaction_id, r.requested_at = now() as is_new
         ), told as (
           insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
           select 'CALLBACK_REDELIVERY_REQUESTED', jsonb_build_object('delivery', ?::int), t.id, t.user_id, t.client_id,
                  t.application_id, t.device_id
             from transactions t join opened on opened.transaction_id = t.id where opened.is_new
         )
         select exists (select from opened) as "isOurs"`,
        [transactionId, number, requestId, number, number],
      );
      return row?.isOurs === true;
    },

    async record(attempt) {
      if (attempt.ok) {
        await rows(database, RECORD_SUCCESS, [...bindingsOf(attempt), attempt.address]);
        return undefined;
      }
      const [row] = await rows<FailingAddress>(database, RECORD_FAILURE, [
        ...bindingsOf(attempt),
        attempt.address,
        attempt.failure,
      ]);
      return row;
    },
  };
}

function bindingsOf(attempt: CallbackRecord): Knex.RawBinding[] {
  const { transactionId, delivery, number } = attempt;
  const details = {
    attempt: number,
    ...(delivery > 0 && { delivery }),
    ...(!attempt.ok && { failure: attempt.failure }),
  };
  return [
    transactionId,
    delivery,
    number,
    attempt.durationMs,
    attempt.httpStatus ?? null,
    attempt.ok ? null : attempt.failure,
    attempt.ok ? 'PUSH_AUTH_CALLBACK_SENT' : 'PUSH_AUTH_CALLBACK_FAILED',
    JSON.stringify(details),
  ];
}
