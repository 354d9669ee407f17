import type { Knex } from 'knex';
import { PIN_CEILING } from '../workflows/domain/attempts.ts';
import { attemptsLeft, type Charge } from './attempts-left.ts';
import { rows } from './knex.ts';

/** An attempt to prove a PIN, named by the hash of the message that carries it. */
export interface PinAttempt {
  readonly sha256: string;
  /** Null for an attempt outside a transaction. */
  readonly transactionId: string | null;
  readonly enrolmentId: string;
}

/**
 * Charges one attempt by one statement: sixteen at once cost sixteen, and the same message again costs nothing. Returns
 * how many are left should this one be wrong; `none_left` when there was none to charge.
 */
export async function chargePin(
  database: Knex,
  { sha256, transactionId, enrolmentId }: PinAttempt,
): Promise<number | 'none_left'> {
  const [charge] = await rows<Charge>(
    database,
    `with allowed as (
       select e.id, case a.pin_max_attempts when 0 then ${PIN_CEILING} else a.pin_max_attempts end as max
         from enrolments e join applications a on a.id = e.application_id
        where e.id = ? and e.revoked_at is null
     ), charged as (
       insert into answer_attempts (answer_sha256, transaction_id, enrolment_id, kind)
       select ?, ?::uuid, id, 'pin' from allowed on conflict do nothing returning 1
     ), counted as (
       update enrolments e set pin_failures = e.pin_failures + 1 from allowed
        where e.id = allowed.id and e.pin_failures < allowed.max and exists (select from charged)
       returning e.pin_failures
     )
     select (select max from allowed) as "limit", exists (select from charged) as "isFresh",
            (select pin_failures from counted) as counted`,
    [enrolmentId, sha256, transactionId],
  );
  return attemptsLeft(charge, async () => {
    const [row] = await rows<{ used: number }>(database, 'select pin_failures as used from enrolments where id = ?', [
      enrolmentId,
    ]);
    return row?.used;
  });
}
