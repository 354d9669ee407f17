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
  /** What the proof says; nobody hears of it before the attempt is counted. */
  readonly isRight: boolean;
}

/**
 * Counts one attempt by one statement: of sixteen wrong ones at once each is charged, and a right one makes up for those
 * before it in the same step, so that several right ones at once do not use the limit up. The same message again changes
 * nothing. Returns how many are left; `none_left` when there was none to take this one, and then no PIN is right.
 */
export async function chargePin(
  database: Knex,
  { sha256, transactionId, enrolmentId, isRight }: PinAttempt,
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
       update enrolments e set pin_failures = case when ?::boolean then 0 else e.pin_failures + 1 end from allowed
        where e.id = allowed.id and e.pin_failures < allowed.max and exists (select from charged)
       returning e.pin_failures
     )
     select (select max from allowed) as "limit", exists (select from charged) as "isFresh",
            (select pin_failures from counted) as counted`,
    [enrolmentId, sha256, transactionId, isRight],
  );
  const left = await attemptsLeft(charge, async () => {
    const [row] = await rows<{ used: number }>(database, 'select pin_failures as used from enrolments where id = ?', [
      enrolmentId,
    ]);
    return row?.used;
  });
  // Come again with nothing left: either the last wrong one, or one that found none; no right one leaves it so.
  return left === 0 && !charge?.isFresh ? 'none_left' : left;
}
