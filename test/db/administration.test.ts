import { randomBytes } from 'node:crypto';
import type { AdministeredResource } from '../../api/ports.ts';
import { createAdministration } from '../../db/administration/index.ts';
import { RESOURCES } from '../../db/administration/resources/index.ts';
import { type Keyring, parseKeyring } from '../../runtime/keyring.ts';
import { unseal } from '../../runtime/sealing.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sixteen } from './fixture.ts';

const keyText = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const author = { clientId: 'admin', operator: 'olga' };
const verifier = { url: 'https://verifier.example/a', secret: 'shared secret' };

let database: TestDatabase;
let keyring: Keyring;

beforeEach(async () => {
  database = await createTestDatabase();
  keyring = parseKeyring(keyText('k1'));
});

afterEach(() => database.drop());

function resource(name: string, keys = keyring): AdministeredResource {
  const checks = { pushSettings: () => ({ ok: true }) as const };
  const found = createAdministration({ database: database.knex, keyring: keys, checks }).find((it) => it.name === name);
  if (!found) throw new Error(`there is no resource ${name}`);
  return found;
}

const merge = (body: unknown) => ({ kind: 'merge', body }) as const;
const replace = (body: unknown) => ({ kind: 'replace', body }) as const;

/** What is sealed in the row, if anything is. */
async function storedVerifier(): Promise<unknown> {
  const [row] = await database.knex('applications').where({ id: 'bank' });
  const sealed = row.sealed_custom_authenticator;
  return sealed && JSON.parse(unseal(keyring, 'applications.sealed_custom_authenticator', 'bank', sealed));
}

describe('a sealed secret', () => {
  const bank = { id: 'bank', name: 'Bank' };
  let applications: AdministeredResource;

  beforeEach(async () => {
    applications = resource('applications');
    await applications.create({ ...bank, customAuthenticator: verifier }, author);
  });

  it('stays when a change does not name it, or names it as it was read', async () => {
    expect(await storedVerifier()).toEqual(verifier);
    await applications.change(['bank'], replace({ ...bank, name: 'Other bank' }), 'any', author);
    await applications.change(['bank'], replace({ ...bank, customAuthenticator: { set: true } }), 'any', author);
    await applications.change(
      ['bank'],
      merge({ customAuthenticator: { set: true }, pinMaxAttempts: 4 }),
      'any',
      author,
    );
    expect(await storedVerifier()).toEqual(verifier);
    const events = await database.knex('events').orderBy('id').select('client_id', 'details');
    expect(events.map(({ details }) => details.fields)).toEqual([
      'id,name,pinMaxAttempts,fingerprintEnabled,customAuthenticator',
      'name',
      'name',
      'pinMaxAttempts',
    ]);
    expect(events[1]).toMatchObject({ client_id: 'admin', details: { operator: 'olga', id: 'bank' } });
  });

  it('is changed in part by a merge patch, as a whole by another one, and goes with null', async () => {
    await applications.change(
      ['bank'],
      merge({ customAuthenticator: { url: 'https://other.example' } }),
      'any',
      author,
    );
    expect(await storedVerifier()).toEqual({ ...verifier, url: 'https://other.example' });
    const other = { url: 'https://third.example', secret: 'another' };
    await applications.change(['bank'], replace({ ...bank, customAuthenticator: other }), 'any', author);
    expect(await storedVerifier()).toEqual(other);
    const gone = await applications.change(['bank'], replace({ ...bank, customAuthenticator: null }), 'any', author);
    expect(gone).toMatchObject({ entry: { document: { customAuthenticator: { set: false } } } });
    expect(await storedVerifier()).toBeNull();
  });

  it('under a key that is lost must be given anew, where the document needs it', async () => {
    const strangers = parseKeyring(keyText('k2'));
    const types = resource('push-configurations');
    const push = { name: 'p', platform: 'android', provider: 'fcm_http_v1', settings: { a: 1 } };
    await types.create(push, author);
    const elsewhere = resource('push-configurations', strangers);
    expect(await elsewhere.change(['p'], merge({ platform: 'ios' }), 'any', author)).toMatchObject({
      code: 'request_invalid',
      errors: [{ pointer: '#/settings' }],
    });
    expect(await elsewhere.change(['p'], merge({ settings: { b: 2 } }), 'any', author)).toMatchObject({ ok: true });
  });
});

describe('of sixteen at once', () => {
  it('one creates what has one name', async () => {
    const types = resource('authentication-types');
    const results = await Promise.all(
      sixteen((index) => types.create({ name: 'login', method: 'push', timeToLiveSeconds: 60 + index }, author)),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.code === 'resource_exists')).toHaveLength(15);
    expect(await database.knex('events')).toHaveLength(1);
  });

  it('one changes the state that all of them have read, and one deletes it', async () => {
    const types = resource('authentication-types');
    const created = await types.create({ name: 'login', method: 'push', timeToLiveSeconds: 60 }, author);
    const expected = created.ok ? [created.entry.revision] : [];
    const changed = await Promise.all(
      sixteen((index) => types.change(['login'], merge({ maxResends: index + 1 }), expected, author)),
    );
    expect(changed.filter(({ ok }) => ok)).toHaveLength(1);
    expect(changed.filter((result) => !result.ok && result.code === 'precondition_failed')).toHaveLength(15);
    const removed = await Promise.all(sixteen(() => types.remove(['login'], 'any', author)));
    expect(removed.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await database.knex('events').pluck('name')).toEqual([
      'ADMIN_AUTH_PROPERTIES_SET_CREATED',
      'ADMIN_AUTH_PROPERTIES_SET_UPDATED',
      'ADMIN_AUTH_PROPERTIES_SET_DELETED',
    ]);
  });
});

it('a document that was deleted and made anew is another state', async () => {
  const types = resource('authentication-types');
  const body = { name: 'login', method: 'push', timeToLiveSeconds: 60 };
  const first = await types.create(body, author);
  await types.remove(['login'], 'any', author);
  const second = await types.create(body, author);
  const revisions = [first, second].map((result) => result.ok && result.entry.revision);
  expect(new Set(revisions).size).toBe(2);
  const expected = [String(revisions[0])];
  expect(await types.change(['login'], merge({ maxResends: 1 }), expected, author)).toMatchObject({
    code: 'precondition_failed',
  });
});

it.each(RESOURCES)('$name is declared in full, and its table tells of its changes', async (declaration) => {
  const { schema, fields, identity, events, table } = declaration;
  expect(Object.keys(fields)).toEqual(Object.keys(schema.shape));
  for (const field of identity) expect(fields).toHaveProperty(field);
  expect([events.created === undefined, events.deleted === undefined]).toEqual(Array(2).fill(identity.length === 0));
  for (const name of Object.values(events)) expect(name).toMatch(/^ADMIN_[A-Z_]+$/);
  const columns = await database.knex(table).columnInfo();
  for (const { column } of Object.values(fields)) expect(columns).toHaveProperty(column);
  expect(columns).toHaveProperty('revision');
  const { rows: triggers } = await database.knex.raw('select tgname from pg_trigger where tgrelid = ?::regclass', [
    table,
  ]);
  expect(triggers.map(({ tgname }: { tgname: string }) => tgname)).toEqual(
    expect.arrayContaining(['countersign_tell', 'countersign_revise']),
  );
});

it.each([
  ['by HTTP', verifier, true],
  ["by the worker's own module", { inProcess: true }, true],
  ['neither', { inProcess: false }, false],
  ['both', { ...verifier, inProcess: true }, false],
])('a custom authenticator is asked %s', async (_name, customAuthenticator, isTaken) => {
  const created = await resource('applications').create({ id: 'bank', name: 'Bank', customAuthenticator }, author);
  expect(created.ok).toBe(isTaken);
});
