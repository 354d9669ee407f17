import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import type { DeviceState, DeviceStore, StoredEnrolment } from '../../sdk/device-store.ts';
import { createFileStore } from '../../sdk/file-store.ts';
import { createIndexedDbStore } from '../../sdk/indexeddb-store.ts';
import { createMemoryStore } from '../../sdk/memory-store.ts';
import { importSigningKey, type PrivateSigningKey } from '../../sdk/signing-key.ts';
import { createStateHolder } from '../../sdk/state-holder.ts';

const PRIVATE_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as {
  readonly [part in 'x' | 'y' | 'd']: string;
};

const STATE: DeviceState = {
  version: 1,
  deviceId: '0'.repeat(64),
  keys: {
    pgpPrivateKey: 'private',
    pgpPublicKey: 'public',
    signingKey: { kty: 'EC', crv: 'P-256', x: PRIVATE_KEY.x, y: PRIVATE_KEY.y, d: PRIVATE_KEY.d },
  },
  fetches: [],
  answers: [],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

function addFetch(transactionId: string) {
  return (state: DeviceState | undefined): DeviceState => {
    const before = state ?? STATE;
    const entry = { transactionId, requestId: transactionId, keepUntil: '2100-01-01T00:00:00Z' };
    return { ...before, fetches: [...before.fetches, entry] };
  };
}

/** What there is of the keys in a store that keeps private halves out of reach. */
const HIDDEN = {
  ...STATE.keys,
  signingKey: { kty: 'EC', crv: 'P-256', x: PRIVATE_KEY.x, y: PRIVATE_KEY.y, handle: expect.any(CryptoKey) },
};

/** Makes a phone's store, and opens it as often as it is asked to: as several pages or processes do. */
const STORES: readonly [string, () => () => DeviceStore, object][] = [
  [
    'memory',
    () => {
      const store = createMemoryStore();
      return () => store;
    },
    STATE.keys,
  ],
  ['file', () => () => createFileStore(join(folder, 'phone.json')), STATE.keys],
  [
    'IndexedDB',
    () => {
      const [indexedDB, name] = [new IDBFactory(), randomUUID()];
      return () => createIndexedDbStore({ name, indexedDB });
    },
    HIDDEN,
  ],
];

describe.each(STORES)('a store in %s', (_name, make, keys) => {
  it('gives back what was saved, and nothing before', async () => {
    const open = make();
    await expect(open().load()).resolves.toBeUndefined();
    await open().save(STATE);
    await open().save({ ...STATE, deviceId: '1'.repeat(64) });
    await expect(open().load()).resolves.toEqual({ ...STATE, keys, deviceId: '1'.repeat(64) });
  });

  it('keeps what was saved apart from what becomes of it outside', async () => {
    const store = make()();
    const state = { ...STATE, fetches: [...STATE.fetches] };
    await store.save(state);
    state.deviceId = 'changed';
    const loaded = (await store.load()) as { deviceId: string };
    expect(loaded.deviceId).toBe(STATE.deviceId);
    loaded.deviceId = 'changed';
    await expect(store.load()).resolves.toEqual({ ...STATE, keys });
  });

  it('loses no change of several clients that change it at once', async () => {
    const open = make();
    const holders = [1, 2, 3].map(() => createStateHolder(open()));
    const ids = Array.from({ length: 24 }, (_, index) => String(index));
    await Promise.all(ids.map((id, index) => holders[index % 3]?.update(addFetch(id))));
    const state = await open().load();
    expect(state?.fetches.map(({ transactionId }) => Number(transactionId)).sort((a, b) => a - b)).toEqual(
      ids.map(Number),
    );
  });

  it('is as it was after a change that failed, and takes the next one', async () => {
    const open = make();
    const holder = createStateHolder(open());
    const results = await Promise.allSettled([
      holder.update(addFetch('a')),
      holder.update(() => {
        throw new Error('no');
      }),
      createStateHolder(open()).update(addFetch('b')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const kept = (await holder.read())?.fetches.map(({ transactionId }) => transactionId);
    expect(kept?.sort()).toEqual(['a', 'b']);
  });
});

describe('the file store', () => {
  it('is a file for its owner alone, and leaves nothing else behind', async () => {
    const path = join(folder, 'new', 'phone.json');
    await createFileStore(path).save(STATE);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'new'))).toEqual(['phone.json']);
  });

  it.each(['', '{', 'null', '{}', '{"version":2}'])(
    'refuses a file that holds %j, and leaves it as it is',
    async (text) => {
      const path = join(folder, 'phone.json');
      await writeFile(path, text);
      await expect(createStateHolder(createFileStore(path)).update(addFetch('a'))).rejects.toThrow(path);
      await expect(readFile(path, 'utf8')).resolves.toBe(text);
    },
  );

  it('takes over the lock of a process that died', async () => {
    const path = join(folder, 'phone.json');
    await writeFile(`${path}.lock`, '');
    await utimes(`${path}.lock`, new Date(0), new Date(0));
    await createStateHolder(createFileStore(path)).update(addFetch('a'));
    expect(await readdir(folder)).toEqual(['phone.json']);
  });
});

describe('the IndexedDB store', () => {
  it('refuses a database that holds something else', async () => {
    const indexedDB = new IDBFactory();
    const store = createIndexedDbStore({ indexedDB });
    await store.save({ ...STATE, version: 2 as 1 });
    await expect(createIndexedDbStore({ indexedDB }).load()).rejects.toThrow('countersign');
  });

  it('gives no private half of a signing key away, and uses it also when it was saved again', async () => {
    const indexedDB = new IDBFactory();
    const store = createIndexedDbStore({ indexedDB });
    const { signingKey } = STATE.keys;
    const enrolment = { biometricKey: signingKey } as StoredEnrolment;
    await store.save({ ...STATE, nextKeys: STATE.keys, enrolment });
    await store.save((await store.load()) as DeviceState);
    const { keys, nextKeys, enrolment: kept } = (await store.load()) as DeviceState;
    const verifier = createPublicKey({ key: { ...signingKey }, format: 'jwk' });
    for (const key of [keys.signingKey, nextKeys?.signingKey, kept?.biometricKey] as PrivateSigningKey[]) {
      expect(JSON.stringify(key)).not.toContain(PRIVATE_KEY.d);
      const handle = await importSigningKey(key);
      for (const format of ['jwk', 'pkcs8'] as const) {
        await expect(crypto.subtle.exportKey(format, handle)).rejects.toThrow('not extractable');
      }
      const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, handle, Buffer.from('text'));
      const options = { key: verifier, dsaEncoding: 'ieee-p1363' } as const;
      expect(verify('sha256', Buffer.from('text'), options, Buffer.from(signature))).toBe(true);
    }
  });

  it('keeps phones of two names apart', async () => {
    const indexedDB = new IDBFactory();
    await createIndexedDbStore({ indexedDB, name: 'one' }).save(STATE);
    await expect(createIndexedDbStore({ indexedDB, name: 'two' }).load()).resolves.toBeUndefined();
  });

  it('needs a platform that has it', () => {
    expect(() => createIndexedDbStore()).toThrow('no IndexedDB');
  });
});

describe('the state holder', () => {
  it('makes one change after the other, also after one that failed', async () => {
    const holder = createStateHolder(createMemoryStore());
    const results = await Promise.allSettled([
      holder.update(addFetch('a')),
      holder.update(() => {
        throw new Error('no');
      }),
      holder.update(addFetch('b')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await holder.read())?.fetches.map(({ transactionId }) => transactionId)).toEqual(['a', 'b']);
  });
});
