import type { Knex } from 'knex';
import type { ApiTransactionStore, DeviceTransaction, SettledTransaction, TransactionRecord } from '../api/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { unseal } from '../runtime/sealing.ts';
import type { TransactionStatus } from '../workflows/domain/transaction.ts';
import { rows } from './knex.ts';
import { findRemainingAttempts } from './remaining-attempts.ts';

const MAX_PENDING_SHOWN = 50;

type SealedRow = Omit<DeviceTransaction, 'message' | 'secureMessage' | 'signingData'> & {
  /** Null when it was erased, a set time after the end. */
  readonly sealedMessage: string | null;
  readonly sealedSecureMessage: string | null;
  readonly sealedSigningData: string | null;
};

const epochMs = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

const SELECT_FOR_DEVICE = `
  select t.id as "transactionId", t.type_name as "typeName", t.method, t.sealed_message as "sealedMessage",
         t.sealed_secure_message as "sealedSecureMessage", t.sealed_signing_data as "sealedSigningData",
         ${epochMs('t.created_at')} as "createdAtMs",
         ${epochMs('t.expires_at')} as "expiresAtMs", t.outcome, e.answer_sha256 as "answerSha256"
    from transactions t left join evidence e on e.transaction_id = t.id`;

/** The API's side of transactions: what portals and phones may read, and the one fetch. */
export function createApiTransactionStore(database: Knex, keyring: Keyring): ApiTransactionStore {
  function open({ sealedMessage, sealedSecureMessage, sealedSigningData, ...rest }: SealedRow): DeviceTransaction {
    const openText = (column: string, text: string) =>
      unseal(keyring, `transactions.${column}`, rest.transactionId, text);
    return {
      ...rest,
      message: sealedMessage === null ? '' : openText('sealed_message', sealedMessage),
      secureMessage: sealedSecureMessage === null ? null : openText('sealed_secure_message', sealedSecureMessage),
      signingData: sealedSigningData === null ? null : openText('sealed_signing_data', sealedSigningData),
    };
  }

  return {
    async findForClient(transactionId, clientId) {
      const [row] = await rows<TransactionRecord>(
        database,
        `select t.id as "transactionId", t.user_id as "userId", t.callback_uri as "callbackUri",
                ${epochMs('t.created_at')} as "createdAtMs",
                ${epochMs('t.expires_at')} - ${epochMs('t.created_at')} as "timeToLiveMs",
                t.approved_by_attempt as "approvedByAttempt", t.policy_version as "policyVersion", t.method, t.request_sha256 as "requestSha256", t.outcome,
                t.method = 'sms' or exists (select from sms_sends m where m.transaction_id = t.id) as "isBySms",
                t.method = 'otp' or exists (select from push_sends s where s.transaction_id = t.id and s.step = 0
                           and s.provider_message_id is not null)
                  or exists (select from sms_sends m where m.transaction_id = t.id and m.step = 0
                              and m.provider_message_id is not null) as "isHandedOver",
                (select count(*) from answer_attempts p where p.transaction_id = t.id)::int as attempts,
                d.name as "deviceName", d.platform
           from transactions t left join devices d on d.id = t.device_id
          where t.id = ? and t.client_id = ?`,
        [transactionId, clientId],
      );
      return row;
    },

    listOutcomes: (transactionIds) =>
      rows<SettledTransaction>(
        database,
        `select id as "transactionId", outcome from transactions where id = any (?::uuid[]) and outcome is not null`,
        [[...transactionIds]],
      ),

    async findForEnrolment(transactionId, enrolmentId) {
      const [row] = await rows<SealedRow>(database, `${SELECT_FOR_DEVICE} where t.id = ? and t.enrolment_id = ?`, [
        transactionId,
        enrolmentId,
      ]);
      return row && open(row);
    },

    findRemainingAttempts: (transactionId) => findRemainingAttempts(database, transactionId),

    async listPending(enrolmentId) {
      const found = await rows<SealedRow>(
        database,
        `${SELECT_FOR_DEVICE}
          where t.enrolment_id = ? and t.status = 'pending' and t.expires_at > now()
          order by t.created_at desc limit ${MAX_PENDING_SHOWN}`,
        [enrolmentId],
      );
      return found.map(open);
    },

    async claimOtp(transactionId, { enrolmentId, userId, applicationId, deviceId }) {
      const claimed = await rows(
        database,
        `update transactions set enrolment_id = ?, user_id = ?, application_id = ?, device_id = ?
          where id = ? and method = 'otp' and enrolment_id is null and status = 'pending' and expires_at > now()
          returning id`,
        [enrolmentId, userId, applicationId, deviceId, transactionId],
      );
      if (claimed.length > 0) return 'own';
      // A look of its own: the one above saw the row as it was before another phone's claim.
      const [row] = await rows<{ enrolmentId: string | null; status: TransactionStatus }>(
        database,
        `select enrolment_id as "enrolmentId", status from transactions where id = ? and method = 'otp'`,
        [transactionId],
      );
      if (!row) return undefined;
      if (row.enrolmentId === null) return row.status === 'pending' || row.status === 'expired' ? 'expired' : 'settled';
      return row.enrolmentId === enrolmentId ? 'own' : 'others';
    },

    async claimFetch(transactionId, enrolmentId, requestId, caller) {
      const [row] = await rows<{ isClaimed: boolean }>(
        database,
        `with claimed as (
           update transactions t set fetched_by = ?, fetched_at = coalesce(t.fetched_at, now())
            where t.id = ? and t.enrolment_id = ? and t.status = 'pending' and t.expires_at > now()
              and (t.fetched_by is null or t.fetched_by = ?)
            returning t.id, t.user_id, t.client_id, t.application_id, t.device_id, t.fetched_at = now() as is_first
         ), told as (
           insert into events (name, transaction_id, user_id, client_id, application_id, device_id, client_ip, user_agent)
           select 'MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED', id, user_id, client_id, application_id, device_id,
                  ?::inet, ?::text
             from claimed where is_first
         )
         select exists (select from claimed) as "isClaimed"`,
        [requestId, transactionId, enrolmentId, requestId, caller?.ip ?? null, caller?.userAgent ?? null],
      );
      return row?.isClaimed === true;
    },
  };
}
