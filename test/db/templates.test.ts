import { createTemplateStore } from '../../db/templates.ts';
import { createFixture, type Fixture } from './fixture.ts';

const KEY = 'mobileAuthentication.confirmation.template';

let fixture: Fixture;
let templates: ReturnType<typeof createTemplateStore>;

beforeAll(async () => {
  fixture = await createFixture();
  templates = createTemplateStore(fixture.knex);
});
afterAll(() => fixture.database.drop());

it('has one in each language from the start, and the English one for every other language', async () => {
  const found = await Promise.all(['en', 'nl', 'fr', 'de', 'xx'].map((language) => templates.find(language)));
  expect(new Set(found).size).toBe(4);
  expect(found[4]).toBe(found[0]);
  for (const template of found) {
    expect(template).toMatch(/^\[message\]\{\n[^[\]]+: ?\[device\]\}\{\n[^[\]]+: ?\[location\]\}$/);
  }
});

it('is the one of the language, and the English one where that is missing', async () => {
  const put = (locale: string, value: string) => fixture.knex('translations').insert({ key: KEY, locale, value });
  await fixture.knex('translations').where({ key: KEY }).delete();
  expect(await templates.find('nl')).toBeUndefined();
  await put('de', 'German');
  expect(await templates.find('nl')).toBeUndefined();
  await put('en', 'English');
  expect([await templates.find('nl'), await templates.find('de')]).toStrictEqual(['English', 'German']);
  await put('nl', 'Dutch');
  expect(await templates.find('nl')).toBe('Dutch');
});

it('takes no second text for the same place, no language that is not listed, and nothing too long', async () => {
  const put = (fields: object) =>
    fixture.knex('translations').insert({ key: 'k', locale: 'en', value: 'v', ...fields });
  await put({});
  await expect(put({})).rejects.toThrow('translations_pkey');
  await expect(put({ locale: 'xx' })).rejects.toThrow('foreign key');
  await expect(put({ key: 'l', value: 'x'.repeat(1_025) })).rejects.toThrow('violates check constraint');
});

it('loses the texts of a language with it', async () => {
  await fixture.knex('translations').insert({ key: 'x', locale: 'de', value: 'v' });
  await fixture.knex('locales').where({ code: 'de' }).delete();
  expect(await fixture.count('translations', { key: 'x' })).toBe(0);
});
