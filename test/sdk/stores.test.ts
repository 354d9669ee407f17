import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceState } from '../../sdk/device-store.ts';
import { createFileStore } from '../../sdk/file-store.ts';
import { createMemoryStore } from '../../sdk/memory-store.ts';
import { createStateHolder } from '../../sdk/state-holder.ts';

const STATE: DeviceState = {
  version: 1,
  deviceId: '0'.repeat(64),
  keys: {
    pgpPrivateKey: 'private',
    pgpPublicKey: 'public',
    signingKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' },
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

describe('the file store', () => {
  it('gives back what was saved, in a file for its owner alone, and leaves nothing else behind', async () => {
    const path = join(folder, 'new', 'phone.json');
    const store = createFileStore(path);
    await expect(store.load()).resolves.toBeUndefined();
    await store.save(STATE);
    await store.save({ ...STATE, deviceId: '1'.repeat(64) });
    await expect(createFileStore(path).load()).resolves.toEqual({ ...STATE, deviceId: '1'.repeat(64) });
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

  it('loses no change of several clients that change it at once', async () => {
    const path = join(folder, 'phone.json');
    const holders = [1, 2, 3].map(() => createStateHolder(createFileStore(path)));
    const ids = Array.from({ length: 24 }, (_, index) => String(index));
    await Promise.all(ids.map((id, index) => holders[index % 3]?.update(addFetch(id))));
    const state = await createFileStore(path).load();
    expect(state?.fetches.map(({ transactionId }) => Number(transactionId)).sort((a, b) => a - b)).toEqual(
      ids.map(Number),
    );
  });

  it('takes over the lock of a process that died', async () => {
    const path = join(folder, 'phone.json');
    await writeFile(`${path}.lock`, '');
    await utimes(`${path}.lock`, new Date(0), new Date(0));
    await createStateHolder(createFileStore(path)).update(addFetch('a'));
    expect(await readdir(folder)).toEqual(['phone.json']);
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
