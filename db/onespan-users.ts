import type { Knex } from 'knex';
import type { OneSpanUserRecord, OneSpanUserStore } from '../api/ports.ts';
import { rows } from './knex.ts';
import { revokeEnrolments } from './revoke-enrolments.ts';

export function createOneSpanUserStore(database: Knex): OneSpanUserStore {
  return {
    async find(userId) {
      const [row] = await rows<OneSpanUserRecord>(
        database,
        `select password_hash is not null as "hasStaticPassword", password_failures as "passwordFailures",
                (extract(epoch from created_at) * 1000)::float8 as "createdAtMs"
           from onespan_users where user_id = ?`,
        [userId],
      );
      return row;
    },

    async register({ userId, domainName, passwordHash }) {
      const registered = await rows(
        database,
        `insert into onespan_users (user_id, domain_name, password_hash) values (?, ?, ?)
         on conflict (user_id) do nothing returning user_id`,
        [userId, domainName, passwordHash],
      );
      return registered.length > 0;
    },

    async setPassword({ userId, domainName, passwordHash }) {
      await rows(
        database,
        `insert into onespan_users (user_id, domain_name, password_hash) values (?, ?, ?)
         on conflict (user_id) do update set password_hash = excluded.password_hash, password_failures = 0`,
        [userId, domainName, passwordHash],
      );
    },

    async chargePassword(userId, limit) {
      const [row] = await rows<{ hasPassword: boolean; charged: { hash: string; failures: number } | null }>(
        database,
        `with charged as (
           update onespan_users set password_failures = password_failures + 1
            where user_id = ? and password_hash is not null and password_failures < ?
           returning password_hash as hash, password_failures as failures
         )
         select u.password_hash is not null as "hasPassword", (select to_jsonb(charged) from charged) as charged
           from onespan_users u where u.user_id = ?`,
        [userId, limit, userId],
      );
      if (!row?.hasPassword) return 'unknown';
      if (!row.charged) return 'locked';
      return { passwordHash: row.charged.hash, attemptsLeft: limit - row.charged.failures };
    },

    async recordLocked(userId, clientId) {
      await rows(
        database,
        `insert into events (name, user_id, client_id) values ('ONESPAN_PASSWORD_LIMIT_EXCEEDED', ?, ?)`,
        [userId, clientId],
      );
    },

    async forgivePasswords(userId) {
      await rows(
        database,
        'update onespan_users set password_failures = 0 where user_id = ? and password_failures > 0',
        [userId],
      );
    },

    unregister: (userId, applicationId) =>
      database.transaction(async (transaction) => {
        const forgotten = await rows(transaction, 'delete from onespan_users where user_id = ? returning user_id', [
          userId,
        ]);
        const enrolments = await rows<{ id: string }>(
          transaction,
          'select id from enrolments where user_id = ? and application_id = ? and revoked_at is null',
          [userId, applicationId],
        );
        if (forgotten.length === 0 && enrolments.length === 0) return undefined;
        const events = { ofEach: 'ENROLLMENT_ENDED', ofPush: 'PUSH_ENROLLMENT_ENDED' };
        return revokeEnrolments(
          transaction,
          enrolments.map(({ id }) => id),
          events,
        );
      }),
  };
}
