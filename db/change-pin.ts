import type { Knex } from 'knex';
import type { PinChangeAttempt, PinChangeResult } from '../api/ports.ts';
import { chargePin } from './charge-pin.ts';
import { rows } from './knex.ts';
import { revokeEnrolments } from './revoke-enrolments.ts';

interface Standing {
  readonly pinPublicKey: string | null;
  readonly lastChangeId: string | null;
}

/**
 * Judges one change of the PIN after the other: the row is locked, so that of sixteen at once by the right PIN one comes
 * through and the others find another key, without being charged for it.
 */
export function changePin(database: Knex, attempt: PinChangeAttempt): Promise<PinChangeResult> {
  return database.transaction(async (transaction) => {
    const { enrolmentId, changeId, changeSha256 } = attempt;
    const [standing] = await rows<Standing>(
      transaction,
      `select pin_public_key as "pinPublicKey", pin_change_id as "lastChangeId"
         from enrolments where id = ? and revoked_at is null for update`,
      [enrolmentId],
    );
    if (!standing) return { kind: 'enrolment_unknown' };
    if (standing.pinPublicKey === null) return { kind: 'pin_not_set' };
    // Tells the phone nothing but its own id back: it is no way to test a PIN.
    if (standing.lastChangeId === changeId) return { kind: 'changed' };
    if (!attempt.isAgainst(standing.pinPublicKey)) return { kind: 'pin_challenge_stale' };
    const isRight = attempt.proves(standing.pinPublicKey);
    const left = await chargePin(transaction, { sha256: changeSha256, transactionId: null, enrolmentId, isRight });
    if (left !== 'none_left' && isRight) return replace(transaction, attempt, standing.pinPublicKey);
    if (left !== 'none_left' && left > 0) return { kind: 'pin_wrong', attemptsLeft: left };
    const endedTransactionIds = await revokeEnrolments(transaction, [enrolmentId], {
      ofEach: 'PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED',
    });
    return { kind: 'failed', endedTransactionIds };
  });
}

async function replace(
  transaction: Knex,
  { enrolmentId, changeId, publicKey }: PinChangeAttempt,
  oldPublicKey: string,
): Promise<PinChangeResult> {
  const changed = await rows(
    transaction,
    `with changed as (
       update enrolments set pin_public_key = ?, pin_change_id = ?::uuid
        where id = ? and revoked_at is null and pin_public_key = ?
       returning user_id, application_id, device_id
     )
     insert into events (name, user_id, application_id, device_id)
     select 'ENROLLMENT_PIN_CHANGED', user_id, application_id, device_id from changed returning id`,
    [publicKey, changeId, enrolmentId, oldPublicKey],
  );
  return { kind: changed.length === 1 ? 'changed' : 'pin_challenge_stale' };
}
