import type { Knex } from 'knex';
import type { Withdrawal, WithdrawalRequest, WithdrawalResult } from '../api/ports.ts';
import { rows } from './knex.ts';
import { MAX_ENDED_TRANSACTIONS } from './revoke-enrolments.ts';

/** Which enrolments have what is to be taken, and how it is taken. */
const TAKING: Readonly<Record<Withdrawal, { readonly has: string; readonly set: string; readonly ends: boolean }>> = {
  device: {
    has: 'disconnected_at is null',
    set: `disconnected_at = now(), revoked_at = coalesce(e.revoked_at, now()), sealed_push_token = null,
          push_token_hmac = null, biometric_key = null`,
    ends: true,
  },
  mobile_authentication: {
    has: 'revoked_at is null',
    set: 'revoked_at = now(), sealed_push_token = null, push_token_hmac = null, biometric_key = null',
    ends: true,
  },
  push: {
    has: 'revoked_at is null and push_token_hmac is not null',
    set: 'sealed_push_token = null, push_token_hmac = null',
    ends: false,
  },
  fingerprint: {
    has: 'revoked_at is null and biometric_key is not null',
    set: 'biometric_key = null',
    ends: false,
  },
};

/** Takes something from users on devices, with its events, in one statement: of several at once one finds it there. */
export async function withdraw(database: Knex, request: WithdrawalRequest): Promise<WithdrawalResult> {
  const { what, userId, deviceIds, event, pushEvent = '', clientId, agentUser, caller } = request;
  if (userId === undefined && deviceIds === undefined) throw new Error('neither a user nor a device is named');
  const { has, set, ends } = TAKING[what];
  const [found] = await rows<WithdrawalResult>(
    database,
    `with standing as (
       select id, push_token_hmac is not null as had_push from enrolments
        where ${userId === undefined ? '?::text is null' : 'user_id = ?'}
          and ${deviceIds === undefined ? '?::text[] is null' : 'device_id = any (?::text[])'} and ${has}
        order by id for update
     ), taken as (
       update enrolments e set ${set} from standing s where e.id = s.id
       returning e.id, e.user_id, e.application_id, e.device_id, s.had_push
     ), told as (
       insert into events (name, user_id, application_id, device_id, client_id, agent_user, client_ip, user_agent)
       select distinct event, user_id, application_id, device_id, ?::text, ?::text, ?::inet, ?::text
         from taken, unnest(array[?, ?]::text[]) event
        where event <> '' and (had_push or event = ?)
     )
     select coalesce((select array_agg(distinct device_id) from taken), '{}') as "deviceIds",
            coalesce((select array_agg(id) from (
              select t.id from transactions t join taken on taken.id = t.enrolment_id
               where t.status = 'pending' and ?::boolean limit ${MAX_ENDED_TRANSACTIONS}) ended), '{}')
              as "endedTransactionIds"`,
    [
      ...[userId ?? null, deviceIds ? [...deviceIds] : null],
      ...[clientId, agentUser ?? null, caller.ip, caller.userAgent],
      ...[pushEvent, event, event],
      ends,
    ],
  );
  return found ?? { deviceIds: [], endedTransactionIds: [] };
}
