import type { Knex } from 'knex';
import type { DueSms, SmsFailure, SmsLog } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { maskPhoneNumber } from '../runtime/phone-number.ts';
import { unseal } from '../runtime/sealing.ts';
import { chargeSms } from './charge-sms.ts';
import { rows } from './knex.ts';

type Row = Omit<DueSms, 'phoneNumber' | 'message' | 'earlier'> & {
  readonly sealedPhoneNumber: string;
  readonly sealedMessage: string;
  readonly sentAs: string | null;
  readonly failure: SmsFailure | null;
};

interface Record {
  readonly sentAs: string | null;
  readonly failure: SmsFailure | null;
  readonly gateway: string | null;
  readonly providerCode: string | null;
}

/** Which SMS are due, what they cost, and what became of them. */
export function createSmsLog(database: Knex, keyring: Keyring): SmsLog {
  function phoneNumberOf(transactionId: string, sealed: string): string {
    return unseal(keyring, 'transactions.sealed_phone_number', transactionId, sealed);
  }

  /** Step and event in one statement; a step that was handed over already writes no second event. */
  async function record(transactionId: string, step: number, ended: Record): Promise<void> {
    const [row] = await rows<{ sealed: string }>(
      database,
      'select sealed_phone_number as sealed from transactions where id = ? and sealed_phone_number is not null',
      [transactionId],
    );
    const { sentAs, failure, gateway, providerCode } = ended;
    const details = {
      step,
      ...(row && { number: maskPhoneNumber(phoneNumberOf(transactionId, row.sealed)) }),
      ...(gateway !== null && { gateway }),
      ...(failure !== null && { failure }),
      ...(providerCode !== null && { providerCode }),
    };
    await rows(
      database,
      `with recorded as (
         insert into sms_sends as s (transaction_id, step, provider_message_id, failure, gateway, provider_code, ended_at)
         select id, ?, ?, ?, ?, ?, now() from transactions where id = ?
         on conflict (transaction_id, step) do update
            set provider_message_id = excluded.provider_message_id, failure = excluded.failure,
                gateway = excluded.gateway, provider_code = excluded.provider_code, ended_at = now()
          where s.provider_message_id is null
         returning transaction_id
       )
       insert into events (name, details, transaction_id, user_id, client_id, application_id, device_id)
       select ?, ?::jsonb, t.id, t.user_id, t.client_id, t.application_id, t.device_id
         from transactions t join recorded on recorded.transaction_id = t.id`,
      [
        ...[step, sentAs, failure, gateway, providerCode, transactionId],
        eventOf(step, failure),
        JSON.stringify(details),
      ],
    );
  }

  return {
    async findDue(transactionId, step) {
      const [row] = await rows<Row>(
        database,
        `select t.sealed_phone_number as "sealedPhoneNumber", t.sealed_message as "sealedMessage",
                (extract(epoch from t.expires_at) * 1000)::float8 as "deadlineMs",
                coalesce(a.sms_sender_id, g.sms_sender_id) as "senderId", g.sms_default_number as "defaultSender",
                a.webotp_origin_host as "originHost", s.provider_message_id as "sentAs", s.failure
           from transactions t cross join general_settings g
           left join authentication_types a on a.name = t.type_name
           left join sms_sends s on s.transaction_id = t.id and s.step = ?
          where t.id = ? and t.sealed_phone_number is not null`,
        [step, transactionId],
      );
      if (!row) return undefined;
      const { sealedPhoneNumber, sealedMessage, sentAs, failure, ...rest } = row;
      return {
        ...rest,
        phoneNumber: phoneNumberOf(transactionId, sealedPhoneNumber),
        message: unseal(keyring, 'transactions.sealed_message', transactionId, sealedMessage),
        earlier: sentAs !== null ? { ok: true } : failure !== null ? { ok: false, failure } : null,
      };
    },

    charge: (transactionId, step, leaseMs) => chargeSms(database, keyring, { transactionId, step, leaseMs }),

    recordSent: (transactionId, step, { gateway, providerMessageId }) =>
      record(transactionId, step, { sentAs: providerMessageId, failure: null, gateway, providerCode: null }),

    recordFailed: (transactionId, step, { failure, gateway = null, providerCode = null }) =>
      record(transactionId, step, { sentAs: null, failure, gateway, providerCode }),
  };
}

function eventOf(step: number, failure: SmsFailure | null): string {
  if (step > 0) return failure === null ? 'SMS_RESEND_SUCCEEDED' : 'SMS_RESEND_FAILED';
  if (failure === null) return 'SMS_AUTH_INIT_MESSAGE_SENT';
  return failure === 'sms_disabled' ? 'SMS_AUTH_INIT_FAILURE_DISABLED' : 'SMS_AUTH_INIT_FAILURE_FAILED_TO_SEND_SMS';
}
