import type { Knex } from 'knex';
import type { Author, OneSpanDomain, OneSpanDomainStore } from '../api/ports.ts';
import { rows, violatedIndexOf } from './knex.ts';

const SELECT = `
  select name, is_default as "isDefault", application_id as "applicationId", type_name as "typeName",
         client_ids as "clientIds", request_method as "requestMethod", keywords,
         transaction_method as "transactionMethod", timeout_seconds as "timeoutSeconds",
         challenge_seconds as "challengeSeconds", password_max_attempts as "passwordMaxAttempts",
         login_title as "loginTitle", login_subject as "loginSubject", login_text as "loginText",
         transaction_title as "transactionTitle", transaction_subject as "transactionSubject", version
    from onespan_domains`;

export function createOneSpanDomainStore(database: Knex): OneSpanDomainStore {
  /** With its event, which names who did it. */
  async function write(domain: Omit<OneSpanDomain, 'version'>, { clientId, operator }: Author): Promise<boolean> {
    const written = await rows(
      database,
      `with written as (
       insert into onespan_domains (name, is_default, application_id, type_name, client_ids, request_method, keywords,
         transaction_method, timeout_seconds, challenge_seconds, password_max_attempts, login_title, login_subject,
         login_text, transaction_title, transaction_subject)
       select ?, ?::boolean, a.id, t.name, ?::text[], ?, ?::jsonb, ?, ?::integer, ?::integer, ?::integer, ?, ?, ?, ?, ?
         from applications a, authentication_types t where a.id = ? and t.name = ?
       on conflict (name) do update set
         is_default = excluded.is_default, application_id = excluded.application_id, type_name = excluded.type_name,
         client_ids = excluded.client_ids, request_method = excluded.request_method, keywords = excluded.keywords,
         transaction_method = excluded.transaction_method, timeout_seconds = excluded.timeout_seconds,
         challenge_seconds = excluded.challenge_seconds, password_max_attempts = excluded.password_max_attempts,
         login_title = excluded.login_title, login_subject = excluded.login_subject, login_text = excluded.login_text,
         transaction_title = excluded.transaction_title, transaction_subject = excluded.transaction_subject,
         version = onespan_domains.version + 1
       -- its users' ids depend on it
       where onespan_domains.is_default = excluded.is_default
          or not exists (select from onespan_users u where u.domain_name = onespan_domains.name)
       returning version
       )
       insert into events (name, client_id, agent_user, details)
       select case version when 1 then 'ADMIN_ONESPAN_DOMAIN_CREATED' else 'ADMIN_ONESPAN_DOMAIN_UPDATED' end, ?, ?, ?::jsonb
         from written returning 1`,
      [
        ...[
          domain.name,
          domain.isDefault,
          [...domain.clientIds],
          domain.requestMethod,
          JSON.stringify(domain.keywords),
        ],
        ...[domain.transactionMethod, domain.timeoutSeconds, domain.challengeSeconds, domain.passwordMaxAttempts],
        ...[domain.loginTitle, domain.loginSubject, domain.loginText],
        ...[domain.transactionTitle, domain.transactionSubject, domain.applicationId, domain.typeName],
        ...[clientId ?? null, operator ?? null],
        JSON.stringify({
          ...{ resource: 'onespan-domains', id: domain.name },
          ...(operator !== undefined && { operator }),
        }),
      ],
    );
    return written.length > 0;
  }

  return {
    list: ({ after, limit }) =>
      rows<OneSpanDomain>(database, `${SELECT} where ?::text is null or name > ? order by name limit ?`, [
        ...[after ?? null, after ?? null],
        limit,
      ]),
    async find(name) {
      const [row] = await rows<OneSpanDomain>(database, `${SELECT} where name = ?`, [name]);
      return row;
    },
    async findDefault() {
      const [row] = await rows<OneSpanDomain>(database, `${SELECT} where is_default`, []);
      return row;
    },
    async put(domain, author) {
      try {
        if (await write(domain, author)) return { ok: true };
      } catch (error) {
        if (violatedIndexOf(error) !== 'onespan_domains_one_default') throw error;
        return { ok: false, field: 'isDefault' };
      }
      const [missing] = await rows<{ application: boolean; type: boolean }>(
        database,
        `select not exists (select from applications where id = ?) as application,
                not exists (select from authentication_types where name = ?) as type`,
        [domain.applicationId, domain.typeName],
      );
      if (missing?.application) return { ok: false, field: 'applicationId' };
      return { ok: false, field: missing?.type ? 'typeName' : 'isDefault' };
    },
  };
}
