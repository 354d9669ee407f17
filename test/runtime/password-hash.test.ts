import { randomBytes } from 'node:crypto';
import { parseKeyring } from '../../runtime/keyring.ts';
import { createPasswordHasher } from '../../runtime/password-hash.ts';

const aKeyring = () => parseKeyring(`k1:${randomBytes(32).toString('base64')}`);
const passwords = createPasswordHasher(aKeyring());

it('verifies the password of its user, and no other', async () => {
  const hash = await passwords.hash('alice', 'secret');
  expect(await passwords.verify('alice', 'secret', hash)).toBe(true);
  expect(await passwords.verify('alice', 'Secret', hash)).toBe(false);
  expect(await passwords.verify('bob', 'secret', hash)).toBe(false);
  expect(await passwords.verify('alice', 'secret', undefined)).toBe(false);
  expect(await passwords.verify('', '', undefined)).toBe(false);
});

it('hashes anew each time, with the parameters that are asked of it', async () => {
  const [one, two] = await Promise.all([passwords.hash('alice', 'secret'), passwords.hash('alice', 'secret')]);
  expect(one).not.toBe(two);
  for (const hash of [one, two]) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

it('is of no use without the keys of the installation', async () => {
  const hash = await passwords.hash('alice', 'secret');
  expect(await createPasswordHasher(aKeyring()).verify('alice', 'secret', hash)).toBe(false);
});

it('serves those who wait in the order they came, and refuses one more at once', async () => {
  const narrow = createPasswordHasher(aKeyring(), { maxAtOnce: 1, maxWaiting: 2 });
  const order: number[] = [];
  const served = [0, 1, 2].map(async (number) => {
    await narrow.hash('alice', `secret-${number}`);
    order.push(number);
  });
  await expect(narrow.hash('alice', 'one too many')).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterSeconds: 1,
  });
  await Promise.all(served);
  expect(order).toEqual([0, 1, 2]);
  await expect(narrow.hash('alice', 'again')).resolves.toContain('argon2id');
});
