import type { Knex } from 'knex';
import type { StandingOutcome, TransactionStore } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal } from '../runtime/sealing.ts';
import { effectOf } from '../workflows/domain/push-fatigue.ts';
import type { AuthenticationMethod, FinalState } from '../workflows/domain/transaction.ts';
import { rows } from './knex.ts';
import { findPendingTransaction } from './pending-transactions.ts';

/** The worker's side of transactions: opened once, settled once. */
export function createTransactionStore(database: Knex, keyring: Keyring): TransactionStore {
  async function findOutcome(transactionId: string): Promise<StandingOutcome | undefined> {
    const [row] = await rows<{ outcome: FinalState; answer_sha256: string | null }>(
      database,
      `select t.outcome, e.answer_sha256 from transactions t left join evidence e on e.transaction_id = t.id
        where t.id = ? and t.outcome is not null`,
      [transactionId],
    );
    return row && { outcome: row.outcome, answerSha256: row.answer_sha256, isNew: false };
  }

  return {
    async open(input, { createdAtMs, deadlineMs }) {
      const { transactionId: id, policy } = input;
      const sealText = (column: string, text: string) => seal(keyring, `transactions.${column}`, id, text);
      await rows(
        database,
        `with opened as (
           insert into transactions (id, client_id, user_id, application_id, device_id, enrolment_id, type_name,
             policy_version, method, callback_uri, sealed_message, sealed_secure_message,
             sealed_signing_data, sealed_phone_number, request_sha256, created_at, expires_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
             to_timestamp(?::double precision / 1000), to_timestamp(?::double precision / 1000))
           on conflict (id) do nothing
           returning id, user_id, client_id, application_id, device_id
         )
         insert into events (name, transaction_id, user_id, client_id, application_id, device_id)
         select ?, * from (select id, user_id, client_id, application_id, device_id from opened) o`,
        [
          id,
          input.clientId,
          input.userId,
          input.applicationId,
          input.deviceId,
          input.enrolmentId,
          policy.typeName,
          policy.version,
          policy.method,
          input.callbackUri,
          sealText('sealed_message', input.message),
          input.secureMessage === undefined ? null : sealText('sealed_secure_message', input.secureMessage),
          input.signingData === undefined ? null : sealText('sealed_signing_data', input.signingData),
          input.phoneNumber === undefined ? null : sealText('sealed_phone_number', input.phoneNumber),
          input.requestSha256,
          createdAtMs,
          deadlineMs,
          openedEventOf(policy.method),
        ],
      );
    },

    findOutcome,

    findPending: (transactionId) => findPendingTransaction(database, keyring, transactionId),

    async findClaimant(transactionId) {
      const [row] = await rows<{ enrolment_id: string | null }>(
        database,
        'select enrolment_id from transactions where id = ?',
        [transactionId],
      );
      return row?.enrolment_id ?? undefined;
    },

    async settle({ transactionId, outcome, event, evidence, receipt }) {
      const [row] = await rows<{ is_settled: boolean }>(
        database,
        // The guard `status = 'pending'` makes the first outcome the only one; evidence, event and receipt hang on the same
        // row. A receipt that is missing breaks the statement: there is no outcome without one.
        `with settled as (
           update transactions
              set status = ?, outcome = ?::jsonb, settled_at = to_timestamp(?::double precision / 1000)
            where id = ? and status = 'pending'
           returning id, user_id, client_id, application_id, device_id
         ), proven as (
           insert into evidence (transaction_id, enrolment_id, answer, answer_sha256)
           select id, ?::uuid, ?, ? from settled where ?::text is not null
         ), told as (
           insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
           select event, ?::jsonb, settled.* from settled, unnest(?::text[]) event
         ), receipted as (
           insert into receipts (transaction_id, receipt) select id, ?::text from settled
         ), counted as (
           -- Only of a user who was asked within limits: who was not has no row that knows the transaction.
           update asked_users u
              set pending = u.pending - s.id::text, version = u.version + 1, changed_at = now(),
                  misses = case e.effect when 'approval' then 0 when 'none' then u.misses else u.misses + 1 end,
                  last_miss_at = case e.effect when 'approval' then null when 'none' then u.last_miss_at
                                   else now() end,
                  blocked_at = coalesce(u.blocked_at, case when e.effect = 'not_me' then
                    (select now() from general_settings where push_limits_enabled and push_blocked_by_not_me) end)
             from settled s, (select ?::text as effect) e
            where u.user_id = s.user_id and u.pending -> s.id::text is not null
           returning s.*, e.effect = 'not_me' and u.blocked_at = now() as is_newly_blocked
         ), blocked as (
           insert into events (name, transaction_id, user_id, client_id, application_id, device_id)
           select 'PUSH_AUTH_USER_BLOCKED', id, user_id, client_id, application_id, device_id
             from counted where is_newly_blocked
         ), owed as (
           -- An outcome that is written this late may be behind what the reconciliation has looked at.
           insert into callbacks_owed (transaction_id, expires_at)
           select t.id, t.expires_at from settled s join transactions t on t.id = s.id
            where to_timestamp(?::double precision / 1000) < now() - interval '1 minute'
              and t.callback_uri is not null and ?::jsonb ->> 'reason' is distinct from 'failed_to_send'
         )
         select exists (select from settled) as is_settled`,
        [
          outcome.status,
          JSON.stringify(outcome),
          outcome.settledAtMs,
          transactionId,
          evidence?.enrolmentId ?? null,
          evidence?.answer ?? null,
          evidence?.answerSha256 ?? null,
          evidence?.answer ?? null,
          JSON.stringify(event.details ?? {}),
          [event.name, ...(isSigned(outcome) ? ['PUSH_AUTH_TRANSACTION_SIGNING_SUCCEEDED'] : [])],
          receipt,
          effectOf(outcome),
          outcome.settledAtMs,
          JSON.stringify(outcome),
        ],
      );
      const ours = { outcome, answerSha256: evidence?.answerSha256 ?? null, isNew: true };
      if (row?.is_settled) return ours;
      return (await findOutcome(transactionId)) ?? ours;
    },
  };
}

function isSigned(outcome: FinalState): boolean {
  return outcome.status === 'approved' && outcome.signed !== undefined;
}

function openedEventOf(method: AuthenticationMethod): string {
  if (method === 'sms') return 'SMS_AUTH_INITIALIZED';
  return method === 'otp' ? 'OTP_AUTH_INITIALIZED' : 'PUSH_AUTH_INITIALIZED';
}
