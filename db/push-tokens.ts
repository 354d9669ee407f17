import type { Knex } from 'knex';
import type { PushTokenChange, PushTokenResult, PushTokenStore } from '../api/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal } from '../runtime/sealing.ts';
import { rows, violatedIndexOf } from './knex.ts';
import { makeRoom } from './make-room.ts';

const ONE_PER_PUSH_TOKEN = 'enrolments_one_per_push_token';

/** Undoes what was written before a refusal was found. */
class Refused extends Error {
  readonly code: 'user_already_enrolled' | 'push_token_mismatch';

  constructor(code: Refused['code']) {
    super(code);
    this.code = code;
  }
}

export function createPushTokenStore(database: Knex, keyring: Keyring): PushTokenStore {
  async function setInTransaction(transaction: Knex, change: PushTokenChange): Promise<PushTokenResult> {
    const { enrolmentId, userId, applicationId, pushToken, oldPushToken, mode, caller } = change;
    const macOf = (token: string) => keyring.lastingMac('push-token-lookup', applicationId, token);
    const oldMac = oldPushToken === undefined ? null : macOf(oldPushToken);
    const newMac = macOf(pushToken);
    const isBack = oldMac !== null && (await isGone(transaction, enrolmentId, oldMac));
    const room =
      oldMac && !isBack
        ? ({ ok: true, endedTransactionIds: [] } as const)
        : await makeRoom(transaction, {
            ...{ userId, applicationId, mode, caller },
            exceptEnrolmentId: enrolmentId,
            isForPush: true,
          });
    if (!room.ok) throw new Refused(room.code);
    // The new token may be there already: the reply to this same request was lost.
    const [standing] = await rows<{ enrolmentId: string }>(
      transaction,
      `with before as (
         select id, push_token_hmac, gone_push_token_hmac from enrolments where id = ? and revoked_at is null for update
       ), changed as (
         update enrolments e
            set sealed_push_token = ?, push_token_hmac = ?, push_token_set_at = now(), gone_push_token_hmac = null
           from before b
          where e.id = b.id
            and (b.push_token_hmac is not distinct from ?::bytea
                 or ? and b.push_token_hmac is null and b.gone_push_token_hmac = ?::bytea)
            and b.push_token_hmac is distinct from ?::bytea
         returning e.id, e.user_id, e.application_id, e.device_id, b.push_token_hmac is null as is_first
       ), told as (
         insert into events (name, user_id, application_id, device_id, client_ip, user_agent)
         select case when is_first then 'PUSH_ENROLLMENT_SUCCESS' else 'PUSH_ENROLLMENT_UPDATE_SUCCESS' end,
                user_id, application_id, device_id, ?::inet, ?::text
           from changed
       )
       select id as "enrolmentId" from changed
        union select id from before where push_token_hmac = ?::bytea`,
      [
        enrolmentId,
        seal(keyring, 'enrolments.sealed_push_token', enrolmentId, pushToken),
        ...[newMac, oldMac, isBack, oldMac, newMac],
        ...[caller?.ip ?? null, caller?.userAgent ?? null],
        newMac,
      ],
    );
    if (!standing) throw new Refused('push_token_mismatch');
    return { ok: true, endedTransactionIds: room.endedTransactionIds };
  }

  /** True for a token that its provider gave up, of an enrolment that has had no other since: any new one is a first one. */
  async function isGone(transaction: Knex, enrolmentId: string, mac: Buffer): Promise<boolean> {
    const found = await rows(
      transaction,
      'select from enrolments where id = ? and push_token_hmac is null and gone_push_token_hmac = ?::bytea',
      [enrolmentId, mac],
    );
    return found.length > 0;
  }

  return {
    async set(change) {
      try {
        return await database.transaction((transaction) => setInTransaction(transaction, change));
      } catch (error) {
        if (error instanceof Refused) return { ok: false, code: error.code };
        if (violatedIndexOf(error) === ONE_PER_PUSH_TOKEN) return { ok: false, code: 'device_already_enrolled' };
        throw error;
      }
    },

    async erase(enrolmentId, caller) {
      await rows(
        database,
        `with erased as (
           update enrolments set sealed_push_token = null, push_token_hmac = null, push_token_set_at = null
            where id = ? and revoked_at is null and push_token_hmac is not null
           returning user_id, application_id, device_id
         )
         insert into events (name, user_id, application_id, device_id, client_ip, user_agent)
         select 'PUSH_ENROLLMENT_ENDED', user_id, application_id, device_id, ?::inet, ?::text from erased`,
        [enrolmentId, caller?.ip ?? null, caller?.userAgent ?? null],
      );
    },
  };
}
