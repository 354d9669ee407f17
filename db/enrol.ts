import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { EnrolmentFields, EnrolResult, NewEnrolment, ProvenUser } from '../api/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { bindPhone, Refused } from './bind-phone.ts';
import { findSamePhone, findSamePhoneOfTicket } from './enrolled-before.ts';
import { rows } from './knex.ts';
import { lockEnrolments } from './make-room.ts';

/** Uses the ticket up and binds the phone to its user, all or nothing. */
export function enrolByTicket(database: Knex, keyring: Keyring, enrolment: NewEnrolment): Promise<EnrolResult> {
  return allOrNothing(database, async (transaction) => {
    const enrolmentId = uuidv7();
    // The guard is in the statement: of two that bring the same ticket one finds it used.
    const [ticket] = await rows<ProvenUser & { clientId: string }>(
      transaction,
      `update enrolment_tickets set used_at = now(), enrolment_id = ?
        where reference = ? and secret_sha256 = ? and used_at is null and expires_at > now()
        returning user_id as "userId", application_id as "applicationId", client_id as "clientId"`,
      [enrolmentId, enrolment.ticketReference, enrolment.ticketSecretSha256],
    );
    if (ticket) return bindPhone(transaction, keyring, enrolmentId, ticket, enrolment);
    const before = await findSamePhoneOfTicket(transaction, enrolment);
    return before ?? { ok: false, code: 'ticket_invalid' };
  });
}

/** Binds the phone to a user who was proven otherwise. */
export function enrolProven(
  database: Knex,
  keyring: Keyring,
  user: ProvenUser,
  enrolment: EnrolmentFields,
): Promise<EnrolResult> {
  return allOrNothing(database, async (transaction) => {
    const [application] = await rows(transaction, 'select 1 from applications where id = ?', [user.applicationId]);
    if (!application) return { ok: false, code: 'application_unknown' };
    // Before the look: of the same request twice at once the second one finds what the first one wrote.
    await lockEnrolments(transaction, user);
    const before = await findSamePhone(transaction, user, enrolment);
    return before ?? bindPhone(transaction, keyring, uuidv7(), { ...user, clientId: null }, enrolment);
  });
}

async function allOrNothing(database: Knex, work: (transaction: Knex) => Promise<EnrolResult>): Promise<EnrolResult> {
  try {
    return await database.transaction(work);
  } catch (error) {
    // The whole transaction was undone, so the ticket is still good.
    if (error instanceof Refused) return { ok: false, code: error.code, user: error.user };
    throw error;
  }
}
