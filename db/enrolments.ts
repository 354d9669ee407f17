import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { EnrolmentStore } from '../activities/ports.ts';
import type { ApiEnrolmentStore, DeviceCaller, EnrolledDevice, EnrolResult, NewEnrolment } from '../api/ports.ts';
import type { DeviceSigningKey } from '../runtime/device-wire.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal } from '../runtime/sealing.ts';
import { rows, violatedIndexOf } from './knex.ts';

const REFUSED_BY_INDEX: Readonly<Record<string, 'user_already_enrolled' | 'device_already_enrolled'>> = {
  enrolments_one_device_per_user_and_application: 'user_already_enrolled',
  enrolments_one_per_push_token: 'device_already_enrolled',
};

export function createEnrolmentStore(database: Knex, keyring: Keyring): ApiEnrolmentStore & EnrolmentStore {
  /** The ticket's guard is in the statement: of two that bring the same ticket one finds it used. */
  async function enrolInTransaction(transaction: Knex, enrolment: NewEnrolment): Promise<EnrolResult> {
    const enrolmentId = uuidv7();
    const [ticket] = await rows<{ user_id: string; application_id: string; client_id: string }>(
      transaction,
      `update enrolment_tickets set used_at = now(), enrolment_id = ?
        where reference = ? and secret_sha256 = ? and used_at is null and expires_at > now()
        returning user_id, application_id, client_id`,
      [enrolmentId, enrolment.ticketReference, enrolment.ticketSecretSha256],
    );
    if (!ticket) return enrolledBefore(transaction, enrolment);
    await rows(
      transaction,
      `insert into devices (id, application_id, name, platform, model, os_version) values (?, ?, ?, ?, ?, ?)
       on conflict (id) do nothing`,
      [
        enrolment.deviceId,
        ticket.application_id,
        enrolment.deviceName,
        enrolment.platform,
        enrolment.model ?? null,
        enrolment.osVersion ?? null,
      ],
    );
    await rows(
      transaction,
      `with enrolled as (
         insert into enrolments (id, user_id, application_id, device_id, pgp_public_key, signing_key,
                                 sealed_push_token, push_token_hmac)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         returning user_id, application_id, device_id
       )
       insert into events (name, user_id, application_id, device_id, client_id)
       select event, user_id, application_id, device_id, ?
         from enrolled, unnest(array['KEY_ENROLLMENT_SUCCESS', 'PUSH_ENROLLMENT_SUCCESS']) event`,
      [
        enrolmentId,
        ticket.user_id,
        ticket.application_id,
        enrolment.deviceId,
        enrolment.pgpPublicKey,
        JSON.stringify(enrolment.signingKey),
        seal(keyring, 'enrolments.sealed_push_token', enrolmentId, enrolment.pushToken),
        keyring.lastingMac('push-token-lookup', ticket.application_id, enrolment.pushToken),
        ticket.client_id,
      ],
    );
    return { ok: true, enrolmentId, userId: ticket.user_id, applicationId: ticket.application_id };
  }

  /** The same phone with the same keys and the same ticket asks again: its reply was lost on the way. */
  async function enrolledBefore(transaction: Knex, enrolment: NewEnrolment): Promise<EnrolResult> {
    const [found] = await rows<{ enrolmentId: string; userId: string; applicationId: string }>(
      transaction,
      `select e.id as "enrolmentId", e.user_id as "userId", e.application_id as "applicationId"
         from enrolment_tickets t join enrolments e on e.id = t.enrolment_id
        where t.reference = ? and t.secret_sha256 = ? and e.revoked_at is null
          and e.device_id = ? and e.signing_key = ?::jsonb and e.pgp_public_key = ?`,
      [
        enrolment.ticketReference,
        enrolment.ticketSecretSha256,
        enrolment.deviceId,
        JSON.stringify(enrolment.signingKey),
        enrolment.pgpPublicKey,
      ],
    );
    return found ? { ok: true, ...found } : { ok: false, code: 'ticket_invalid' };
  }

  return {
    async enrol(enrolment) {
      try {
        return await database.transaction((transaction) => enrolInTransaction(transaction, enrolment));
      } catch (error) {
        // The whole transaction was undone, so the ticket is still good.
        const code = REFUSED_BY_INDEX[violatedIndexOf(error) ?? ''];
        if (code) return { ok: false, code };
        throw error;
      }
    },

    listPushable: (userId) =>
      rows<EnrolledDevice>(
        database,
        `select e.id as "enrolmentId", a.id as "applicationId", a.name as "applicationName",
                d.id as "deviceId", d.name as "deviceName", d.platform
           from enrolments e join devices d on d.id = e.device_id join applications a on a.id = e.application_id
          where e.user_id = ? and e.revoked_at is null and e.sealed_push_token is not null
          order by e.created_at limit 100`,
        [userId],
      ),

    async findSigningKey(enrolmentId) {
      const [row] = await rows<{ signing_key: DeviceSigningKey }>(
        database,
        'select signing_key from enrolments where id = ? and revoked_at is null',
        [enrolmentId],
      );
      return row?.signing_key;
    },

    async admitProof(enrolmentId, proofId, lifetimeSeconds) {
      const [row] = await rows<DeviceCaller & { isFresh: boolean }>(
        database,
        `with admitted as (
           insert into device_proofs (enrolment_id, proof_id, expires_at)
           select id, ?, now() + make_interval(secs => ?) from enrolments where id = ? and revoked_at is null
           on conflict do nothing returning 1
         )
         select id as "enrolmentId", user_id as "userId", device_id as "deviceId", application_id as "applicationId",
                pgp_public_key as "pgpPublicKey", exists (select from admitted) as "isFresh",
                (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"
           from enrolments where id = ? and revoked_at is null`,
        [proofId, lifetimeSeconds, enrolmentId, enrolmentId],
      );
      if (!row) return undefined;
      const { isFresh, ...caller } = row;
      return isFresh ? caller : 'replayed';
    },

    async pruneProofs() {
      await rows(
        database,
        `delete from device_proofs where ctid = any (array(
           select ctid from device_proofs where expires_at < now() limit 10000))`,
        [],
      );
    },

    async findKeys(enrolmentId) {
      const [row] = await rows<{ pgp_public_key: string; active: boolean }>(
        database,
        'select pgp_public_key, revoked_at is null as active from enrolments where id = ?',
        [enrolmentId],
      );
      return row && { pgpPublicKey: row.pgp_public_key, active: row.active };
    },
  };
}
