import type { Knex } from 'knex';
import type { ApnsAddress, DuePush, PushLog, PushRefusal } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

type Row = Omit<DuePush, 'pushToken' | 'message' | 'apns'> &
  ApnsAddress & {
    readonly sealedPushToken: string;
    readonly sealedMessage: string;
  };

export function createPushLog(database: Knex, keyring: Keyring): PushLog {
  /** Step and event in one statement; a step that is recorded already writes no second event. */
  async function record(
    transactionId: string,
    step: number,
    sentAs: string | null,
    refusals: readonly PushRefusal[],
  ): Promise<void> {
    const attempts = refusals.length + (sentAs ? 1 : 0);
    const last = refusals.at(-1);
    const code = last?.providerCode ?? last?.failure;
    const details = sentAs
      ? { step, attempts, ...(code && { triedAgainAfter: code }) }
      : { step, attempts, failure: last?.failure, ...(last?.providerCode && { providerCode: last.providerCode }) };
    const events = eventsOf(step, sentAs ? undefined : last?.failure);
    await rows(
      database,
      `with recorded as (
         insert into push_sends (transaction_id, step, provider_message_id, failure, provider_code, attempts)
         values (?, ?, ?, ?, ?, ?)
         on conflict (transaction_id, step) do update
            set provider_message_id = excluded.provider_message_id, failure = excluded.failure,
                provider_code = excluded.provider_code, attempts = push_sends.attempts + excluded.attempts,
                sent_at = now()
          where push_sends.provider_message_id is null
         returning transaction_id
       )
       insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
       select event, ?::jsonb, t.id, t.user_id, t.client_id, t.application_id, t.device_id
         from transactions t join recorded on recorded.transaction_id = t.id, unnest(?::text[]) event`,
      [
        ...[transactionId, step, sentAs, sentAs ? null : (last?.failure ?? null)],
        ...[last?.providerCode ?? null, attempts, JSON.stringify(details), events],
      ],
    );
  }

  return {
    async findDue(transactionId, step) {
      const [row] = await rows<Row>(
        database,
        `select e.id as "enrolmentId", e.application_id as "applicationId", e.sealed_push_token as "sealedPushToken", t.user_id as "userId",
                t.sealed_message as "sealedMessage", s.provider_message_id as "sentAs",
                t.status = 'pending' as "isPending",
                (extract(epoch from t.created_at) * 1000)::float8 as "createdAtMs",
                (extract(epoch from t.expires_at) * 1000)::float8 as "deadlineMs",
                coalesce(v.application_bundle_identifier, a.id) as topic,
                case when v.use_apns_development_environment then 'development' else 'production' end as environment,
                case when v.send_badge_number then (
                  select count(*)::int from transactions w
                   where w.enrolment_id = e.id and w.status = 'pending' and w.method <> 'otp'
                     and w.expires_at > now()) end as badge,
                coalesce(v.push_configuration_id,
                         case d.platform when 'ios' then a.ios_push_configuration_id
                                         else a.android_push_configuration_id end) as "pushConfigurationId"
           from transactions t
           join enrolments e on e.id = t.enrolment_id and e.revoked_at is null and e.sealed_push_token is not null
           join devices d on d.id = e.device_id
           join applications a on a.id = e.application_id
           left join app_versions v on v.application_id = a.id and v.platform = d.platform
                                   and v.version = e.app_version
           left join push_sends s on s.transaction_id = t.id and s.step = ?
          where t.id = ? and t.sealed_message is not null`,
        [step, transactionId],
      );
      if (!row) return undefined;
      const { sealedPushToken, sealedMessage, topic, environment, badge, ...rest } = row;
      return {
        ...rest,
        apns: { topic, environment, badge },
        pushToken: unseal(keyring, 'enrolments.sealed_push_token', rest.enrolmentId, sealedPushToken),
        message: unseal(keyring, 'transactions.sealed_message', transactionId, sealedMessage),
      };
    },
    recordSent: record,
    recordFailed: (transactionId, step, refusals) => record(transactionId, step, null, refusals),
  };
}

/** What the provider said; of a push that was sent again, also what it means for that. */
function eventsOf(step: number, failure: string | undefined): string[] {
  if (failure === undefined) {
    const accepted = 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION';
    return step === 0 ? [accepted] : [accepted, 'PUSH_AUTH_RESEND_SUCCESS'];
  }
  const refused = 'PUSH_AUTH_PUSH_SERVICE_FAILURE';
  const hasNoToken = step > 0 && failure === 'token_gone';
  return hasNoToken ? [refused, 'PUSH_AUTH_RESEND_FAILURE_NO_PUSH_ENROLLMENT'] : [refused];
}
