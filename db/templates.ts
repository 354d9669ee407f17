import type { Knex } from 'knex';
import type { TemplateStore } from '../api/ports.ts';
import { rows } from './knex.ts';

const KEY = 'mobileAuthentication.confirmation.template';
const LAST_RESORT = 'en';

/** Finds templates: the type's own before that for all types, and of each the language's before the English one. */
export function createTemplateStore(database: Knex): TemplateStore {
  return {
    async find(typeName, language) {
      const [row] = await rows<{ value: string }>(
        database,
        `select value from translations
          where key = '${KEY}' and (type_name = ? or type_name is null) and locale in (?, '${LAST_RESORT}')
          order by type_name is null, locale <> ? limit 1`,
        [typeName, language, language],
      );
      return row?.value;
    },
  };
}
