import { z } from 'zod';
import type { ResourceDeclaration } from '../declaration.ts';
import { languageCode, resourceName } from '../shapes.ts';

/** Texts by key and language (docs/context.md has the keys). */
export const translations: ResourceDeclaration = {
  name: 'translations',
  table: 'translations',
  identity: ['key', 'locale'],
  schema: z.strictObject({ key: resourceName, locale: languageCode, value: z.string().max(1_024) }),
  example: { key: 'bank.greeting', locale: 'nl', value: 'Bent u dit?' },
  fields: { key: { column: 'key' }, locale: { column: 'locale' }, value: { column: 'value' } },
  events: {
    created: 'ADMIN_TRANSLATION_CREATED',
    updated: 'ADMIN_TRANSLATION_UPDATED',
    deleted: 'ADMIN_TRANSLATION_DELETED',
  },
  access: { read: 'read_configuration', write: 'write_configuration' },
};
