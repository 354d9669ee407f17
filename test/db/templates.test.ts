import { createTemplateStore } from '../../db/templates.ts';
import { createFixture, type Fixture } from './fixture.ts';

const KEY = 'mobileAuthentication.confirmation.template';

let fixture: Fixture;
let templates: ReturnType<typeof createTemplateStore>;

beforeAll(async () => {
  fixture = await createFixture();
  templates = createTemplateStore(fixture.knex);
  await fixture
    .knex('authentication_types')
    .insert({ name: 'login', method: 'push', time_to_live_seconds: 60, max_resends: 0 });
});
afterAll(() => fixture.database.drop());

it('has one in each language from the start, and the English one for every other language', async () => {
  const found = await Promise.all(['en', 'nl', 'fr', 'de', 'xx'].map((language) => templates.find('any', language)));
  expect(new Set(found).size).toBe(4);
  expect(found[4]).toBe(found[0]);
  for (const template of found) {
    expect(template).toMatch(/^\[message\]\{\n[^[\]]+: ?\[device\]\}\{\n[^[\]]+: ?\[location\]\}$/);
  }
});

it("prefers the type's own, and then the language", async () => {
  const put = (locale: string, type_name: string | null, value: string) =>
    fixture.knex('translations').insert({ key: KEY, locale, type_name, value });
  const find = async () => [await templates.find('login', 'nl'), await templates.find('other', 'nl')];
  await fixture.knex('translations').where({ key: KEY }).delete();
  expect(await find()).toStrictEqual([undefined, undefined]);
  await put('en', null, 'all, English');
  expect(await find()).toStrictEqual(['all, English', 'all, English']);
  await put('nl', null, 'all, Dutch');
  expect(await find()).toStrictEqual(['all, Dutch', 'all, Dutch']);
  await put('en', 'login', 'login, English');
  expect(await find()).toStrictEqual(['login, English', 'all, Dutch']);
  await put('nl', 'login', 'login, Dutch');
  expect(await find()).toStrictEqual(['login, Dutch', 'all, Dutch']);
  await put('fr', 'login', 'login, French');
  expect(await find()).toStrictEqual(['login, Dutch', 'all, Dutch']);
});

it('takes no second text for the same place, no language that is not listed, and nothing too long', async () => {
  const put = (fields: object) =>
    fixture.knex('translations').insert({ key: 'k', locale: 'en', type_name: null, value: 'v', ...fields });
  await put({});
  await expect(put({})).rejects.toThrow('translations_one_per_locale');
  await expect(put({ locale: 'xx' })).rejects.toThrow('foreign key');
  await expect(put({ type_name: 'no-such-type' })).rejects.toThrow('foreign key');
  await expect(put({ key: 'l', value: 'x'.repeat(1_025) })).rejects.toThrow('violates check constraint');
});

it('loses the texts of a language or a type with it', async () => {
  await fixture.knex('translations').insert([
    { key: 'x', locale: 'de', value: 'v' },
    { key: 'x', locale: 'en', type_name: 'login', value: 'v' },
  ]);
  await fixture.knex('locales').where({ code: 'de' }).delete();
  await fixture.knex('authentication_types').where({ name: 'login' }).delete();
  expect(await fixture.count('translations', { key: 'x' })).toBe(0);
});
