import type { Knex } from 'knex';
import type { AnswerAttempt, AttemptStore } from '../activities/ports.ts';
import { MAX_NUMBER_ATTEMPTS } from '../workflows/domain/attempts.ts';
import { attemptsLeft, type Charge } from './attempts-left.ts';
import { chargePin } from './charge-pin.ts';
import { rows } from './knex.ts';
import { revokeEnrolments } from './revoke-enrolments.ts';

/** Attempts are charged by the statement, before anybody hears how they were judged: sixteen at once cost sixteen. */
export function createAttemptStore(database: Knex): AttemptStore {
  return {
    chargePin: ({ answerSha256, ...attempt }, isRight) =>
      chargePin(database, { ...attempt, sha256: answerSha256, isRight }),

    async chargeNumber({ answerSha256, transactionId, enrolmentId }: AnswerAttempt) {
      const [charge] = await rows<Charge>(
        database,
        `with charged as (
           insert into answer_attempts (answer_sha256, transaction_id, enrolment_id, kind)
           values (?, ?::uuid, ?::uuid, 'number') on conflict do nothing returning 1
         ), counted as (
           update transactions set number_failures = number_failures + 1
            where id = ? and number_failures < ${MAX_NUMBER_ATTEMPTS} and exists (select from charged)
           returning number_failures
         )
         select ${MAX_NUMBER_ATTEMPTS} as "limit", exists (select from charged) as "isFresh",
                (select number_failures from counted) as counted`,
        [answerSha256, transactionId, enrolmentId, transactionId],
      );
      return attemptsLeft(charge, async () => {
        const [row] = await rows<{ used: number }>(
          database,
          'select number_failures as used from transactions where id = ?',
          [transactionId],
        );
        return row?.used;
      });
    },

    async revokeBiometricKey(enrolmentId) {
      await rows(
        database,
        `with revoked as (
           update enrolments set biometric_key = null where id = ? and biometric_key is not null
           returning user_id, application_id, device_id
         )
         insert into events (name, user_id, application_id, device_id)
         select 'PUSH_AUTH_VALIDATION_FINGER_PRINT_LIMIT_EXCEEDED', user_id, application_id, device_id from revoked`,
        [enrolmentId],
      );
    },

    async revokeForPins(enrolmentId) {
      await revokeEnrolments(database, [enrolmentId], { ofEach: 'PUSH_AUTH_VALIDATION_PIN_LIMIT_EXCEEDED' });
    },
  };
}
