import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';
import { languageCode } from '../shapes.ts';

/** Languages that texts are kept in; English is the last resort of all texts. */
export const locales: ResourceDeclaration = {
  name: 'locales',
  table: 'locales',
  identity: ['code'],
  schema: z.strictObject({ code: languageCode }),
  example: { code: 'fy' },
  fields: { code: { column: 'code' } },
  events: {
    created: 'ADMIN_LOCALE_CREATED',
    updated: 'ADMIN_LOCALE_UPDATED',
    deleted: 'ADMIN_LOCALE_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
