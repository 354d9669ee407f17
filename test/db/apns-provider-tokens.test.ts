import { randomBytes } from 'node:crypto';
import { createProviderTokens, ProviderTokenUnavailable } from '../../activities/adapters/apns-provider-tokens.ts';
import { createProviderTokenStore } from '../../db/apns-provider-tokens.ts';
import { createSigningKey } from '../../dev/apns-simulator/signing-key.ts';
import { type Keyring, parseKeyring } from '../../runtime/keyring.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sixteen } from './fixture.ts';

const MINUTE_MS = 60_000;
let database: TestDatabase;
let keyring: Keyring;

beforeEach(async () => {
  database = await createTestDatabase();
  keyring = parseKeyring(`k1:${randomBytes(32).toString('base64')}`);
});
afterEach(() => database.drop());

const store = () => createProviderTokenStore(database.knex, keyring);

/** As if everything had been issued earlier. */
const age = (ms: number) =>
  database.knex.raw("update apns_provider_tokens set issued_at = issued_at - ? * interval '1 millisecond'", [ms]);

it('is one for sixteen workers that need it at once, at first and when it is renewed', async () => {
  const key = createSigningKey();
  const workers = () => sixteen(() => createProviderTokens(key, store()));
  const first = new Set(await Promise.all(workers().map((tokens) => tokens.current())));
  expect(first.size).toBe(1);
  await age(41 * MINUTE_MS);
  const second = new Set(await Promise.all(workers().map((tokens) => tokens.current())));
  expect(second.size).toBe(1);
  expect(second).not.toStrictEqual(first);
});

it('is the same one for sixteen workers that have it refused at once', async () => {
  const key = createSigningKey();
  const refused = await createProviderTokens(key, store()).current();
  const workers = sixteen(() => createProviderTokens(key, store()));
  const tooSoon = await Promise.all(workers.map((tokens) => tokens.replace(refused)));
  expect(new Set(tooSoon)).toStrictEqual(new Set([undefined]));
  await age(20 * MINUTE_MS);
  const replaced = new Set(await Promise.all(workers.map((tokens) => tokens.replace(refused))));
  expect(replaced.size).toBe(1);
  expect([...replaced]).toStrictEqual([expect.any(String)]);
  expect(replaced).not.toContain(refused);
});

it('is not written over within twenty minutes, however many try', async () => {
  const { nowMs } = await store().find('signer');
  const standing = await Promise.all(
    sixteen((index) => store().issue('signer', `token ${index}`, nowMs + index * MINUTE_MS, 20 * MINUTE_MS)),
  );
  expect(new Set(standing.map(({ token }) => token)).size).toBe(1);
  const later = await store().issue('signer', 'later', nowMs + 40 * MINUTE_MS, 20 * MINUTE_MS);
  expect(later.token).toBe('later');
});

it('is another one for another key', async () => {
  const [one, other] = [createSigningKey(), createSigningKey()];
  const put = { ...createSigningKey(one.teamId), keyId: one.keyId };
  const tokens = await Promise.all([one, other, put].map((key) => createProviderTokens(key, store()).current()));
  expect(new Set(tokens).size).toBe(3);
});

it('is not readable in the database, nor in the place of another', async () => {
  const { nowMs } = await store().find('a');
  await store().issue('a', 'THE_TOKEN', nowMs, 0);
  const [row] = await database.knex('apns_provider_tokens');
  expect(JSON.stringify(row)).not.toContain('THE_TOKEN');
  await database.knex('apns_provider_tokens').update({ signer: 'b' });
  expect(await store().find('b')).toStrictEqual({ token: null, nowMs: expect.any(Number) });
});

it('that no configured key opens is written over once Apple allows for another', async () => {
  const key = createSigningKey();
  await createProviderTokens(key, store()).current();
  keyring = parseKeyring(`k2:${randomBytes(32).toString('base64')}`);
  await expect(Promise.resolve(createProviderTokens(key, store()).current())).rejects.toThrow(ProviderTokenUnavailable);
  await age(20 * MINUTE_MS);
  expect(await createProviderTokens(key, store()).current()).toEqual(expect.any(String));
});
