import type { Knex } from 'knex';
import type { DuePush, PushLog } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';

type Row = Omit<DuePush, 'pushToken' | 'message'> & {
  readonly enrolmentId: string;
  readonly sealedPushToken: string;
  readonly sealedMessage: string;
};

export function createPushLog(database: Knex, keyring: Keyring): PushLog {
  /** Step and event in one statement; a step that is recorded already writes no second event. */
  async function record(
    transactionId: string,
    step: number,
    sentAs: string | null,
    failure: string | null,
  ): Promise<void> {
    await rows(
      database,
      `with recorded as (
         insert into push_sends (transaction_id, step, provider_message_id, failure) values (?, ?, ?, ?)
         on conflict (transaction_id, step) do update
            set provider_message_id = excluded.provider_message_id, failure = excluded.failure, sent_at = now()
          where push_sends.provider_message_id is null
         returning transaction_id
       )
       insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
       select event, ?::jsonb, t.id, t.user_id, t.client_id, t.application_id, t.device_id
         from transactions t join recorded on recorded.transaction_id = t.id, unnest(?::text[]) event`,
      [
        transactionId,
        step,
        sentAs,
        failure,
        JSON.stringify({ step, ...(failure && { failure }) }),
        eventsOf(step, failure),
      ],
    );
  }

  return {
    async findDue(transactionId, step) {
      const [row] = await rows<Row>(
        database,
        `select e.id as "enrolmentId", e.sealed_push_token as "sealedPushToken", t.user_id as "userId",
                t.sealed_message as "sealedMessage", s.provider_message_id as "sentAs",
                (extract(epoch from t.created_at) * 1000)::float8 as "createdAtMs",
                (extract(epoch from t.expires_at) * 1000)::float8 as "deadlineMs",
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
      const { enrolmentId, sealedPushToken, sealedMessage, ...rest } = row;
      return {
        ...rest,
        pushToken: unseal(keyring, 'enrolments.sealed_push_token', enrolmentId, sealedPushToken),
        message: unseal(keyring, 'transactions.sealed_message', transactionId, sealedMessage),
      };
    },
    recordSent: (transactionId, step, providerMessageId) => record(transactionId, step, providerMessageId, null),
    recordFailed: (transactionId, step, failure) => record(transactionId, step, null, failure),
  };
}

/** What the provider said; of a push that was sent again, also what it means for that. */
function eventsOf(step: number, failure: string | null): string[] {
  if (failure === null) {
    const accepted = 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION';
    return step === 0 ? [accepted] : [accepted, 'PUSH_AUTH_RESEND_SUCCESS'];
  }
  const refused = 'PUSH_AUTH_PUSH_SERVICE_FAILURE';
  const hasNoToken = step > 0 && failure === 'token_gone';
  return hasNoToken ? [refused, 'PUSH_AUTH_RESEND_FAILURE_NO_PUSH_ENROLLMENT'] : [refused];
}
