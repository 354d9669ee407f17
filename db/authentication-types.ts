import type { Knex } from 'knex';
import type { AuthenticationType, AuthenticationTypeStore } from '../api/ports.ts';
import { rows } from './knex.ts';

interface Row {
  name: string;
  method: AuthenticationType['method'];
  time_to_live_seconds: number;
  max_resends: number;
  transaction_signing: boolean;
  number_digits: number;
  fallback: AuthenticationType['fallback'];
  max_attempts: number;
  default_messages: Record<string, string>;
  confirmation_templates: Record<string, string>;
  version: number;
}

const SELECT = `
  select name, method, time_to_live_seconds, max_resends, default_messages, version, transaction_signing, number_digits,
         fallback, max_attempts, confirmation_templates
    from authentication_types`;

export function createAuthenticationTypeStore(database: Knex): AuthenticationTypeStore {
  return {
    async find(name) {
      const [row] = await rows<Row>(database, `${SELECT} where name = ?`, [name]);
      return row && read(row);
    },
    async list() {
      return (await rows<Row>(database, `${SELECT} order by name limit 1000`, [])).map(read);
    },
  };
}

function read(row: Row): AuthenticationType {
  return {
    name: row.name,
    method: row.method,
    timeToLiveSeconds: row.time_to_live_seconds,
    maxResends: row.max_resends,
    transactionSigning: row.transaction_signing,
    numberDigits: row.number_digits,
    fallback: row.fallback,
    maxAttempts: row.max_attempts,
    defaultMessages: row.default_messages,
    confirmationTemplates: row.confirmation_templates,
    version: row.version,
  };
}
