import type { AdministeredResource } from '../../api/ports.ts';
import { createResourceStore } from '../../db/administration/resource-store.ts';
import { callbackAddresses } from '../../db/administration/resources/callback-addresses.ts';
import { createCallbackAddressStore } from '../../db/callback-addresses.ts';
import { createFixture, type Fixture } from './fixture.ts';

const URL = 'https://portal.example/callback?tenant=1';
const BASIC = { username: 'countersign', password: 'PASSWORD of the portal' };

const [FIRST, SECOND] = ['SECRET-1', 'SECRET-2'].map(
  (text) => `whsec_${Buffer.from(text.repeat(3)).toString('base64')}`,
);
const ADDRESS = { name: 'portal', url: URL };

let fixture: Fixture;
let administered: AdministeredResource;
let addresses: ReturnType<typeof createCallbackAddressStore>;

beforeAll(async () => {
  fixture = await createFixture();
  const { knex, keyring } = fixture;
  addresses = createCallbackAddressStore(knex, keyring);
  const checks = { pushSettings: () => ({ ok: true }) as const };
  administered = createResourceStore(callbackAddresses, { database: knex, keyring, checks });
});
afterEach(() => fixture.knex('callback_addresses').delete());
afterAll(() => fixture.database.drop());

const configure = async (document: object) =>
  expect(await administered.create(document, {})).toMatchObject({ ok: true });

it('gives what is configured for an address, to the letter', async () => {
  await configure({ ...ADDRESS, ...BASIC, webhookSecret: FIRST, previousWebhookSecret: SECOND });
  expect(await addresses.findCredentials(URL)).toStrictEqual({
    basic: BASIC,
    webhookSecrets: [FIRST, SECOND],
  });
  for (const other of [`${URL}&x`, URL.toUpperCase(), URL.replace('/callback', '/callback/'), URL.slice(0, -2)]) {
    expect(await addresses.findCredentials(other)).toBeUndefined();
    expect(await addresses.isConfigured(other)).toBe(false);
  }
  expect(await addresses.isConfigured(URL)).toBe(true);
});

it('may have nothing configured but that it is allowed', async () => {
  await configure(ADDRESS);
  expect(await addresses.findCredentials(URL)).toStrictEqual({ webhookSecrets: [] });
});

it('keeps one row for an address that is saved again, and nothing of what was there', async () => {
  await configure({ ...ADDRESS, ...BASIC, webhookSecret: FIRST });
  const next = { username: null, password: null, webhookSecret: SECOND };
  await administered.change(['portal'], { kind: 'merge', body: next }, 'any', {});
  expect(await addresses.findCredentials(URL)).toStrictEqual({ webhookSecrets: [SECOND] });
  expect(await fixture.knex('callback_addresses')).toMatchObject([{ url: URL, version: 2, sealed_password: null }]);
});

it('shows neither password nor secret in its row', async () => {
  await configure({ ...ADDRESS, ...BASIC, webhookSecret: FIRST, previousWebhookSecret: SECOND });
  const text = JSON.stringify(await fixture.knex('callback_addresses'));
  expect(text).not.toMatch(/PASSWORD|whsec_/);
  for (const secret of [BASIC.password, FIRST, SECOND] as string[]) {
    expect(text).not.toContain(secret.replace('whsec_', ''));
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4));
  }
});

it('does not open a password that was moved to another address', async () => {
  await configure({ ...ADDRESS, ...BASIC });
  await configure({ name: 'other-portal', url: `${URL}2`, username: 'x', password: 'y' });
  const { sealed_password } = await fixture.knex('callback_addresses').where({ url: URL }).first();
  await fixture
    .knex('callback_addresses')
    .where({ url: `${URL}2` })
    .update({ sealed_password });
  await expect(addresses.findCredentials(`${URL}2`)).rejects.toThrow();
});

it.each([
  ['a colon in the user name', { username: 'a:b', sealed_password: 'x' }],
  ['an empty user name', { username: '', sealed_password: 'x' }],
  ['a password without a user name', { sealed_password: 'x' }],
  ['a user name without a password', { username: 'a' }],
  ['an old secret without a new one', { sealed_previous_webhook_secret: 'x' }],
  ['an address of more than 2048 bytes', { url: `https://portal.example/${'x'.repeat(2_048)}` }],
])('the schema refuses %s', async (_name, fields) => {
  const row = { id: '0190a000-0000-7000-8000-000000000001', name: 'portal', url: URL, ...fields };
  await expect(fixture.knex('callback_addresses').insert(row)).rejects.toThrow('violates check constraint');
});
