import type { Knex } from 'knex';
import type { CodeChallengeStore, IssuedCodeChallenge } from '../api/ports.ts';
import { rows } from './knex.ts';
import { pruneStale } from './prune-stale.ts';

/** Of eight digits, three tries find the right one once in 33 million. */
const MAX_FAILURES = 3;

const epochMs = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;
const IS_OPEN = `used_at is null and expires_at > now() and failures < ${MAX_FAILURES}`;

const ISSUED = `c.id, c.enrolment_id as "enrolmentId", e.pgp_public_key as "pgpPublicKey",
  e.has_own_server_key as "hasOwnServerKey", ${epochMs('c.created_at')} as "createdAtMs",
  ${epochMs('c.expires_at')} as "expiresAtMs"`;

export function createCodeChallengeStore(database: Knex): CodeChallengeStore {
  return {
    async create({ id, clientId, userId, applicationId, lifetimeSeconds, digits }) {
      const [row] = await rows<IssuedCodeChallenge>(
        database,
        `with c as (
           insert into onespan_challenges (id, client_id, user_id, enrolment_id, digits, expires_at)
           select ?::uuid, ?, ?, id, ?, now() + make_interval(secs => ?) from enrolments
            where user_id = ? and application_id = ? and revoked_at is null order by created_at limit 1
           returning id, enrolment_id, created_at, expires_at
         )
         select ${ISSUED} from c join enrolments e on e.id = c.enrolment_id`,
        [id, clientId, userId, digits, lifetimeSeconds, userId, applicationId],
      );
      return row;
    },

    async findByDigits(enrolmentId, digits) {
      const [row] = await rows<IssuedCodeChallenge>(
        database,
        `select ${ISSUED} from onespan_challenges c join enrolments e on e.id = c.enrolment_id
          where c.enrolment_id = ? and c.digits = ? and ${IS_OPEN} order by c.created_at desc limit 1`,
        [enrolmentId, digits],
      );
      return row;
    },

    async charge(id, clientId, userId) {
      const charged = await rows(
        database,
        `update onespan_challenges c set failures = failures + 1 from enrolments e
          where c.id = ? and c.client_id = ? and c.user_id = ? and e.id = c.enrolment_id and e.revoked_at is null
            and ${IS_OPEN} returning c.id`,
        [id, clientId, userId],
      );
      return charged.length > 0;
    },

    async use(id) {
      const [row] = await rows<{ isUsed: boolean }>(
        database,
        `with used as (
           update onespan_challenges set used_at = now() where id = ? and used_at is null
           returning id, client_id, user_id, enrolment_id
         ), told as (
           insert into events (name, details, user_id, client_id, application_id, device_id)
           select 'ONESPAN_CHALLENGE_ANSWERED', jsonb_build_object('request_id', u.id), u.user_id, u.client_id,
                  e.application_id, e.device_id
             from used u join enrolments e on e.id = u.enrolment_id
         )
         select exists (select from used) as "isUsed"`,
        [id],
      );
      return row?.isUsed === true;
    },

    async findStatus(id, clientId) {
      const [row] = await rows<{ status: 'pending' | 'used' | 'used_up' | 'expired' }>(
        database,
        `select case when used_at is not null then 'used' when failures >= ${MAX_FAILURES} then 'used_up'
                     when expires_at <= now() then 'expired' else 'pending' end as status
           from onespan_challenges where id = ? and client_id = ?`,
        [id, clientId],
      );
      return row?.status;
    },

    prune: () => pruneStale(database, 'onespan_challenges', "expires_at < now() - interval '1 day'"),
  };
}
