import type { Knex } from 'knex';
import type { Caller, ConsoleSession, ConsoleSessionStore } from '../api/ports.ts';
import { rows } from './knex.ts';
import { pruneStale } from './prune-stale.ts';

const IDLE = "interval '30 minutes'";
const LONGEST = "interval '10 hours'";
/** Each look would be a write otherwise. */
const NOTED_EVERY = "interval '1 minute'";
const MAX_OF_ONE = 20;

const IS_OVER = `(expires_at <= now() or last_seen_at <= now() - ${IDLE})`;
const ENDS_AT_MS = `(extract(epoch from least(expires_at, last_seen_at + ${IDLE})) * 1000)::float8 as "expiresAtMs"`;

/** Sessions of the console; all times are the database's, which every api process shares. */
export function createConsoleSessionStore(database: Knex): ConsoleSessionStore {
  return {
    async open(idSha256, operator, caller) {
      const { authority, subject, name, scopes } = operator;
      const [opened] = await rows<ConsoleSession>(
        database,
        `with crowded as (
           delete from console_sessions where id_sha256 in (
             select id_sha256 from console_sessions where authority = ? and subject = ?
              order by created_at desc offset ${MAX_OF_ONE - 1})
         ), opened as (
           insert into console_sessions (id_sha256, authority, subject, name, scopes, expires_at)
           values (?, ?, ?, ?, ?, now() + ${LONGEST})
           returning authority, subject, name, scopes, ${ENDS_AT_MS}
         ), told as (
           insert into events (name, agent_user, client_ip, user_agent, details)
           select 'ADMIN_OPERATOR_LOGGED_IN', name, ?::inet, ?,
                  jsonb_build_object('subject', subject, 'scopes', array_to_string(scopes, ',')) from opened
         )
         select * from opened`,
        [...[authority, subject], ...[idSha256, authority, subject, name, [...scopes]], ...bindingsOf(caller)],
      );
      return opened as ConsoleSession;
    },

    async find(idSha256, authorities, isUsed) {
      const [session] = await rows<ConsoleSession>(
        database,
        `with used as (
           update console_sessions set last_seen_at = now()
            where id_sha256 = ? and ?::boolean and last_seen_at < now() - ${NOTED_EVERY} and not ${IS_OVER}
         )
         select authority, subject, name, scopes, ${ENDS_AT_MS} from console_sessions
          where id_sha256 = ? and authority = any (?::text[]) and not ${IS_OVER}`,
        [idSha256, isUsed, idSha256, [...authorities]],
      );
      return session;
    },

    async end(idSha256, caller) {
      await rows(
        database,
        `with ended as (
           delete from console_sessions s using console_sessions this
            where this.id_sha256 = ? and s.authority = this.authority and s.subject = this.subject
           returning s.name, s.subject, s.id_sha256
         )
         insert into events (name, agent_user, client_ip, user_agent, details)
         select 'ADMIN_OPERATOR_LOGGED_OUT', name, ?::inet, ?, jsonb_build_object('subject', subject)
           from ended where id_sha256 = ?`,
        [idSha256, ...bindingsOf(caller), idSha256],
      );
    },

    prune: () => pruneStale(database, 'console_sessions', IS_OVER),
  };
}

function bindingsOf({ ip, userAgent }: Caller): (string | null)[] {
  return [ip, userAgent];
}
