import { randomBytes } from 'node:crypto';
import { createKnex } from '../../db/knex.ts';
import { createServerKeyStore, loadOrCreateServerKey } from '../../db/server-keys.ts';
import { parseKeyring } from '../../runtime/keyring.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sixteen } from './fixture.ts';

const keyText = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

it('is made once by sixteen processes that start at once, and all of them use it', async () => {
  const k1 = keyText('k1');
  const pools = sixteen(() => createKnex({ connectionString: database.url, poolSize: 1 }));
  const pairs = await Promise.all(
    pools.map((pool, index) =>
      loadOrCreateServerKey(pool, parseKeyring(k1), async () => ({
        publicKey: `public ${index}`,
        privateKey: `private ${index}`,
      })),
    ),
  );
  await Promise.all(pools.map((pool) => pool.destroy()));
  expect(pairs).toStrictEqual(Array(16).fill(pairs[0]));
  expect(pairs[0]?.privateKey).toBe(pairs[0]?.publicKey.replace('public', 'private'));
  expect(await database.knex('server_keys')).toHaveLength(1);
});

it('is not made again once it is there', async () => {
  const keyring = parseKeyring(keyText('k1'));
  const made = { publicKey: 'public', privateKey: 'private' };
  await loadOrCreateServerKey(database.knex, keyring, async () => made);
  const again = await loadOrCreateServerKey(database.knex, keyring, () => Promise.reject(new Error('made again')));
  expect(again).toStrictEqual(made);
});

it('stays the same when the encryption keys are rotated', async () => {
  const k1 = keyText('k1');
  const made = { publicKey: 'public', privateKey: 'private' };
  await loadOrCreateServerKey(database.knex, parseKeyring(k1), async () => made);
  const rotated = parseKeyring(`${keyText('k2')},${k1}`);
  const generate = () => Promise.reject(new Error('made again'));
  await expect(loadOrCreateServerKey(database.knex, rotated, generate)).resolves.toStrictEqual(made);
});

it('leaves nothing behind when it can not be made', async () => {
  const keyring = parseKeyring(keyText('k1'));
  const generate = () => Promise.reject(new Error('no entropy'));
  await expect(loadOrCreateServerKey(database.knex, keyring, generate)).rejects.toThrow('no entropy');
  expect(await database.knex('server_keys')).toHaveLength(0);
});

it('is retired once by sixteen at once, and the next one is made beside it', async () => {
  const keyring = parseKeyring(keyText('k1'));
  const generate = (name: string) => async () => ({ publicKey: name, privateKey: `private ${name}` });
  const load = (name: string) => loadOrCreateServerKey(database.knex, keyring, generate(name), 'evidence');
  await load('first');
  const store = createServerKeyStore(database.knex);
  const retired = await Promise.all(sixteen(() => store.retireEvidenceKey({ clientId: 'admin' })));
  expect(retired.filter((id) => id !== undefined)).toHaveLength(1);
  const next = await Promise.all(sixteen((index) => load(`next ${index}`)));
  expect(new Set(next.map(({ publicKey }) => publicKey)).size).toBe(1);
  const keys = await store.list();
  expect(keys).toMatchObject([
    { purpose: 'evidence', publicKey: next[0]?.publicKey, retiredAt: null },
    { purpose: 'evidence', publicKey: 'first', retiredAt: expect.any(Date) },
  ]);
  expect(await database.knex('events')).toHaveLength(1);
});
