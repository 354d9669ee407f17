import type { Knex } from 'knex';
import type { Caller } from '../api/ports.ts';
import { rows } from './knex.ts';

/** More of one user's are never pending in earnest; the rest run into their deadline, as nobody can answer them. */
export const MAX_ENDED_TRANSACTIONS = 100;

/** The events that are written, and what else becomes of the user on the device. */
export interface Revocation {
  /** Name of the event of each. */
  readonly ofEach: string;
  /** Of those that had a push token, in addition. */
  readonly ofPush?: string;
  /** Takes the user off the device as well. */
  readonly isDisconnected?: boolean;
  /** Whose wish it is, where it is a request's. */
  readonly caller?: Caller | undefined;
  readonly clientId?: string | undefined;
  readonly agentUser?: string | undefined;
}

/**
 * Ends enrolments: no request and no answer of theirs counts any more, and their push tokens are erased. Returns the
 * ids of their running transactions, which the caller cancels once this is committed. Those revoked before stay as
 * they are.
 */
export async function revokeEnrolments(
  transaction: Knex,
  enrolmentIds: readonly string[],
  { ofEach, ofPush, isDisconnected = false, caller, clientId, agentUser }: Revocation,
): Promise<readonly string[]> {
  const found = await rows<{ transactionId: string }>(
    transaction,
    `with standing as (
       select id, push_token_hmac is not null as had_push from enrolments
        where id = any (?::uuid[]) and revoked_at is null for update
     ), revoked as (
       update enrolments e set revoked_at = now(), sealed_push_token = null, push_token_hmac = null,
                               push_token_set_at = null, disconnected_at = case when ?::boolean then now() end
         from standing s where e.id = s.id
       returning e.id, e.user_id, e.application_id, e.device_id, s.had_push
     ), told as (
       insert into events (name, user_id, application_id, device_id, client_id, agent_user, client_ip, user_agent)
       select event, user_id, application_id, device_id, ?::text, ?::text, ?::inet, ?::text
         from revoked, unnest(array[?, ?]::text[]) event
        where event <> '' and (had_push or event = ?)
     )
     select t.id as "transactionId" from transactions t join revoked r on r.id = t.enrolment_id
      where t.status = 'pending' limit ${MAX_ENDED_TRANSACTIONS}`,
    [
      ...[[...enrolmentIds], isDisconnected],
      ...[clientId ?? null, agentUser ?? null, caller?.ip ?? null, caller?.userAgent ?? null],
      ...[ofPush ?? '', ofEach, ofEach],
    ],
  );
  return found.map(({ transactionId }) => transactionId);
}
