import { createCallbackAddressStore } from '../../db/callback-addresses.ts';
import { createFixture, type Fixture } from './fixture.ts';

const URL = 'https://portal.example/callback?tenant=1';
const BASIC = { username: 'countersign', password: 'PASSWORD of the portal' };

let fixture: Fixture;
let addresses: ReturnType<typeof createCallbackAddressStore>;

beforeAll(async () => {
  fixture = await createFixture();
  addresses = createCallbackAddressStore(fixture.knex, fixture.keyring);
});
afterEach(() => fixture.knex('callback_addresses').delete());
afterAll(() => fixture.database.drop());

it('gives what is configured for an address, to the letter', async () => {
  await addresses.save({ name: 'portal', url: URL, basic: BASIC, webhookSecrets: ['whsec_new', 'whsec_old'] });
  expect(await addresses.findCredentials(URL)).toStrictEqual({
    basic: BASIC,
    webhookSecrets: ['whsec_new', 'whsec_old'],
  });
  for (const other of [`${URL}&x`, URL.toUpperCase(), URL.replace('/callback', '/callback/'), URL.slice(0, -2)]) {
    expect(await addresses.findCredentials(other)).toBeUndefined();
    expect(await addresses.isConfigured(other)).toBe(false);
  }
  expect(await addresses.isConfigured(URL)).toBe(true);
});

it('may have nothing configured but that it is allowed', async () => {
  await addresses.save({ name: 'portal', url: URL, webhookSecrets: [] });
  expect(await addresses.findCredentials(URL)).toStrictEqual({ webhookSecrets: [] });
});

it('keeps one row for an address that is saved again, and nothing of what was there', async () => {
  await addresses.save({ name: 'portal', url: URL, basic: BASIC, webhookSecrets: ['whsec_old'] });
  await addresses.save({ name: 'portal', url: URL, webhookSecrets: ['whsec_new'] });
  expect(await addresses.findCredentials(URL)).toStrictEqual({ webhookSecrets: ['whsec_new'] });
  expect(await fixture.knex('callback_addresses')).toMatchObject([{ url: URL, version: 2, sealed_password: null }]);
});

it('shows neither password nor secret in its row', async () => {
  await addresses.save({ name: 'portal', url: URL, basic: BASIC, webhookSecrets: ['whsec_SECRET1', 'whsec_SECRET2'] });
  const text = JSON.stringify(await fixture.knex('callback_addresses'));
  expect(text).not.toMatch(/PASSWORD|SECRET[12]/);
  for (const secret of [BASIC.password, 'whsec_SECRET1', 'whsec_SECRET2']) {
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4));
  }
});

it('does not open a password that was moved to another address', async () => {
  await addresses.save({ name: 'portal', url: URL, basic: BASIC, webhookSecrets: [] });
  await addresses.save({
    name: 'other portal',
    url: `${URL}2`,
    basic: { username: 'x', password: 'y' },
    webhookSecrets: [],
  });
  const { sealed_password } = await fixture.knex('callback_addresses').where({ url: URL }).first();
  await fixture
    .knex('callback_addresses')
    .where({ url: `${URL}2` })
    .update({ sealed_password });
  await expect(addresses.findCredentials(`${URL}2`)).rejects.toThrow();
});

it('signs with two secrets at most', async () => {
  const save = addresses.save({ name: 'portal', url: URL, webhookSecrets: ['whsec_a', 'whsec_b', 'whsec_c'] });
  await expect(save).rejects.toThrow(RangeError);
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
