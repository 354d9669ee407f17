import type { Knex } from 'knex';
import type { RemainingAttempts } from '../api/ports.ts';
import { MAX_NUMBER_ATTEMPTS, PIN_CEILING } from '../workflows/domain/attempts.ts';
import { rows } from './knex.ts';

/** How often the user may still be wrong in a transaction: in its number, or with the PIN that its method falls back to. */
export async function findRemainingAttempts(
  database: Knex,
  transactionId: string,
): Promise<RemainingAttempts | undefined> {
  const [row] = await rows<RemainingAttempts>(
    database,
    `select max, greatest(max - used, 0) as left from (
       select case t.method when 'push_with_number' then ${MAX_NUMBER_ATTEMPTS}
                else case a.pin_max_attempts when 0 then ${PIN_CEILING} else a.pin_max_attempts end end as max,
              case t.method when 'push_with_number' then t.number_failures else e.pin_failures end as used
         from transactions t join enrolments e on e.id = t.enrolment_id join applications a on a.id = e.application_id
        where t.id = ?) counted`,
    [transactionId],
  );
  return row;
}
