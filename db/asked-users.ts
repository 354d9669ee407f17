import type { Knex } from 'knex';
import type { AskedUserStore } from '../api/ports.ts';
import { NEVER_ASKED } from '../workflows/domain/push-fatigue.ts';
import { rows } from './knex.ts';

/** Versions of rows begin at 1. */
const NO_ROW = '0';

interface AskedUserRow {
  readonly pending: Readonly<Record<string, number>>;
  readonly misses: number;
  readonly lastMissAtMs: number | null;
  readonly isBlocked: boolean;
  readonly version: string;
}

/** What is kept of users who were asked; outcomes are counted where they are written (db/transactions.ts). */
export function createAskedUserStore(database: Knex): AskedUserStore {
  return {
    async read(userId) {
      const [row] = await rows<AskedUserRow>(
        database,
        `select pending, misses, (extract(epoch from last_miss_at) * 1000)::float8 as "lastMissAtMs",
                blocked_at is not null as "isBlocked", version::text
           from asked_users where user_id = ?`,
        [userId],
      );
      if (!row) return { state: NEVER_ASKED, version: NO_ROW };
      const { version, ...state } = row;
      return { state, version };
    },

    async replace(userId, version, { pending, misses, lastMissAtMs }) {
      // The version is the guard: of many that have read the same state one goes through, the others read again.
      const changed =
        version === NO_ROW
          ? await rows(
              database,
              `insert into asked_users (user_id, pending, misses, last_miss_at)
               values (?, ?::jsonb, ?, to_timestamp(?::double precision / 1000))
               on conflict (user_id) do nothing returning user_id`,
              [userId, JSON.stringify(pending), misses, lastMissAtMs],
            )
          : await rows(
              database,
              `update asked_users
                  set pending = ?::jsonb, misses = ?, last_miss_at = to_timestamp(?::double precision / 1000),
                      version = version + 1, changed_at = now()
                where user_id = ? and version = ?::bigint returning user_id`,
              [JSON.stringify(pending), misses, lastMissAtMs, userId, version],
            );
      return changed.length > 0;
    },

    async release(userId, transactionId) {
      await rows(
        database,
        `update asked_users set pending = pending - ?::text, version = version + 1, changed_at = now()
          where user_id = ? and pending -> ?::text is not null`,
        [transactionId, userId, transactionId],
      );
    },

    async unlock({ userId, clientId, agentUser, caller }) {
      const unlocked = await rows(
        database,
        `with unlocked as (
           update asked_users set misses = 0, last_miss_at = null, blocked_at = null, version = version + 1,
                  changed_at = now()
            where user_id = ? and (misses > 0 or blocked_at is not null)
           returning user_id
         )
         insert into events (name, user_id, client_id, agent_user, client_ip, user_agent)
         select 'ADMIN_USER_UNLOCKED', user_id, ?, ?, ?, ? from unlocked returning user_id`,
        [userId, clientId, agentUser, caller.ip, caller.userAgent],
      );
      return unlocked.length > 0;
    },
  };
}
