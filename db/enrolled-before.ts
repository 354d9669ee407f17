import type { Knex } from 'knex';
import type { EnrolmentFields, EnrolResult, NewEnrolment, ProvenUser } from '../api/ports.ts';
import { rows } from './knex.ts';

type Found = Omit<Extract<EnrolResult, { ok: true }>, 'ok' | 'endedTransactionIds'>;

const SELECT = `
  select e.id as "enrolmentId", e.user_id as "userId", e.application_id as "applicationId",
         k.public_key as "serverPgpPublicKey"
    from enrolments e left join enrolment_server_keys k on k.enrolment_id = e.id`;
const IS_SAME_PHONE = `
  e.revoked_at is null and e.device_id = ? and e.signing_key = ?::jsonb and e.pgp_public_key = ?`;

/** The same phone with the same keys and the same ticket asks again: its reply was lost on the way. */
export async function findSamePhoneOfTicket(
  transaction: Knex,
  enrolment: NewEnrolment,
): Promise<EnrolResult | undefined> {
  const [found] = await rows<Found>(
    transaction,
    `${SELECT} join enrolment_tickets t on t.enrolment_id = e.id
      where t.reference = ? and t.secret_sha256 = ? and ${IS_SAME_PHONE}`,
    [enrolment.ticketReference, enrolment.ticketSecretSha256, ...samePhone(enrolment)],
  );
  return found && { ok: true, ...found, endedTransactionIds: [] };
}

/** The same phone with the same keys asks again for the same user. */
export async function findSamePhone(
  transaction: Knex,
  { userId, applicationId }: ProvenUser,
  enrolment: EnrolmentFields,
): Promise<EnrolResult | undefined> {
  const [found] = await rows<Found>(
    transaction,
    `${SELECT} where e.user_id = ? and e.application_id = ? and ${IS_SAME_PHONE}`,
    [userId, applicationId, ...samePhone(enrolment)],
  );
  return found && { ok: true, ...found, endedTransactionIds: [] };
}

function samePhone({ deviceId, signingKey, pgpPublicKey }: EnrolmentFields): string[] {
  return [deviceId, JSON.stringify(signingKey), pgpPublicKey];
}
