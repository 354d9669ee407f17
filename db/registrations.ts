import type { Knex } from 'knex';
import type { Registration, RegistrationStore } from '../api/ports.ts';
import { rows } from './knex.ts';

const SELECT = `
  select t.reference, t.user_id as "userId", t.application_id as "applicationId", d.platform,
         case when t.used_at is not null then 'activated' when t.expires_at <= now() then 'timeout'
              else 'pending' end as status
    from enrolment_tickets t
    left join enrolments e on e.id = t.enrolment_id left join devices d on d.id = e.device_id`;

export function createRegistrationStore(database: Knex): RegistrationStore {
  return {
    async find(reference, clientId) {
      const [row] = await rows<Registration>(database, `${SELECT} where t.reference = ? and t.client_id = ?`, [
        reference,
        clientId,
      ]);
      return row;
    },

    async findLast({ userId, applicationId }, clientId) {
      const [row] = await rows<Registration>(
        database,
        `${SELECT} where t.client_id = ? and t.user_id = ? and t.application_id = ? order by t.created_at desc limit 1`,
        [clientId, userId, applicationId],
      );
      return row;
    },
  };
}
