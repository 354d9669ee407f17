import { oneSpanDomainBody, oneSpanDomainName } from '../../../runtime/onespan-domain.ts';
import type { ResourceDeclaration } from '../declaration.ts';

/** Domains of the OneSpan surface, as the configuration file has them. */
export const oneSpanDomains: ResourceDeclaration = {
  name: 'onespan-domains',
  table: 'onespan_domains',
  identity: ['name'],
  schema: oneSpanDomainBody.extend({ name: oneSpanDomainName }),
  example: { name: 'bank', applicationId: 'bank-app', typeName: 'bank-login' },
  fields: {
    name: { column: 'name' },
    isDefault: { column: 'is_default' },
    applicationId: { column: 'application_id', kind: 'reference', table: 'applications', name: 'id' },
    typeName: {
      column: 'type_name',
      kind: 'reference',
      table: 'authentication_types',
      name: 'name',
      key: 'name',
    },
    clientIds: { column: 'client_ids' },
    requestMethod: { column: 'request_method' },
    keywords: { column: 'keywords', kind: 'json' },
    transactionMethod: { column: 'transaction_method' },
    timeoutSeconds: { column: 'timeout_seconds' },
    challengeSeconds: { column: 'challenge_seconds' },
    passwordMaxAttempts: { column: 'password_max_attempts' },
    loginTitle: { column: 'login_title' },
    loginSubject: { column: 'login_subject' },
    loginText: { column: 'login_text' },
    transactionTitle: { column: 'transaction_title' },
    transactionSubject: { column: 'transaction_subject' },
  },
  events: {
    created: 'ADMIN_ONESPAN_DOMAIN_CREATED',
    updated: 'ADMIN_ONESPAN_DOMAIN_UPDATED',
    deleted: 'ADMIN_ONESPAN_DOMAIN_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
  counter: 'version',
  revision: 'version',
  // The ids of its users depend on it.
  fixedWhileUsed: { fields: ['isDefault'], table: 'onespan_users', column: 'domain_name' },
};
