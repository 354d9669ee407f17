import type { Knex } from 'knex';
import type { TemplateStore } from '../api/ports.ts';
import { rows } from './knex.ts';

const KEY = 'mobileAuthentication.confirmation.template';
const LAST_RESORT = 'en';

/** Finds the template for all types among the translations. */
export function createTemplateStore(database: Knex): TemplateStore {
  return {
    async find(language) {
      const [row] = await rows<{ value: string }>(
        database,
        `select value from translations where key = '${KEY}' and locale in (?, '${LAST_RESORT}')
          order by locale <> ? limit 1`,
        [language, language],
      );
      return row?.value;
    },
  };
}
