import { createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importPKCS8, jwtVerify } from 'jose';
import { createProviderTokens, ProviderTokenUnavailable } from '../../activities/adapters/apns-provider-tokens.ts';
import { createLocalProviderTokenStore } from '../../activities/adapters/provider-token-store.ts';
import type { ProviderTokenStore } from '../../activities/ports.ts';
import { createSigningKey } from '../../dev/apns-simulator/signing-key.ts';

const MINUTE_MS = 60_000;
const [realNow, realDateNow] = [performance.now.bind(performance), Date.now];
const key = createSigningKey();
let store: ProviderTokenStore;
let isDown: boolean;
let looks: number;

beforeEach(() => {
  const local = createLocalProviderTokenStore();
  isDown = false;
  looks = 0;
  store = {
    async find(signer) {
      looks += 1;
      if (isDown) throw new Error('down');
      return local.find(signer);
    },
    issue: local.issue,
  };
});
afterEach(() => {
  performance.now = realNow;
  Date.now = realDateNow;
});

/** Sets all clocks to this long after the start of the test. */
function passTime(ms: number): void {
  performance.now = () => realNow() + ms;
  Date.now = () => realDateNow() + ms;
}

it('is signed as Apple wants it', async () => {
  const token = await createProviderTokens(key, store).current();
  expect(decodeProtectedHeader(token)).toStrictEqual({ alg: 'ES256', kid: key.keyId });
  expect(decodeJwt(token)).toStrictEqual({ iss: key.teamId, iat: expect.any(Number) });
  await expect(importPKCS8(key.privateKey, 'ES256')).resolves.toBeDefined();
  await expect(jwtVerify(token, createPublicKey(key.privateKey))).resolves.toBeDefined();
});

it('serves for forty minutes, and is then renewed', async () => {
  const tokens = createProviderTokens(key, store);
  const first = await tokens.current();
  passTime(39 * MINUTE_MS);
  expect(await tokens.current()).toBe(first);
  expect(looks).toBe(1);
  passTime(41 * MINUTE_MS);
  expect(await tokens.current()).not.toBe(first);
});

it('of another worker is taken over, for as long as is left of it', async () => {
  const first = await createProviderTokens(key, store).current();
  passTime(30 * MINUTE_MS);
  const tokens = createProviderTokens(key, store);
  expect(await tokens.current()).toBe(first);
  passTime(41 * MINUTE_MS);
  expect(await tokens.current()).not.toBe(first);
});

it('is looked for once by many who ask at once', async () => {
  const tokens = createProviderTokens(key, store);
  const all = await Promise.all(Array.from({ length: 16 }, () => tokens.current()));
  expect(new Set(all).size).toBe(1);
  expect(looks).toBe(1);
});

it('makes do for a while when the store is down, but not until Apple refuses it', async () => {
  const tokens = createProviderTokens(key, store);
  const first = await tokens.current();
  isDown = true;
  passTime(54 * MINUTE_MS);
  expect(await tokens.current()).toBe(first);
  passTime(56 * MINUTE_MS);
  await expect(Promise.resolve(tokens.current())).rejects.toThrow(ProviderTokenUnavailable);
  isDown = false;
  expect(await tokens.current()).not.toBe(first);
});

it('that was refused is replaced by what another worker made meanwhile, and else by none within twenty minutes', async () => {
  const [one, other] = [createProviderTokens(key, store), createProviderTokens(key, store)];
  const first = await one.current();
  expect(await other.replace(first)).toBeUndefined();
  passTime(21 * MINUTE_MS);
  const second = await other.replace(first);
  expect(second).not.toBe(first);
  expect(await one.replace(first)).toBe(second);
  expect(await one.current()).toBe(second);
});
