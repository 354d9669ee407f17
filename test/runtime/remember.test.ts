import { remember, rememberOne } from '../../runtime/remember.ts';

/** Never stale by itself within a test. */
const options = { max: 2, freshMs: 3_600_000 };

interface Asked {
  readonly key: string;
  answer(value: { name: string } | undefined): void;
  fail(): void;
}

/** A source that answers when it is told to. */
function source(): { asked: Asked[]; find(key: string): Promise<{ name: string } | undefined> } {
  const asked: Asked[] = [];
  return {
    asked,
    find: (key) =>
      new Promise((resolve, reject) => {
        asked.push({ key, answer: resolve, fail: () => reject(new Error('away')) });
      }),
  };
}

it('asks once for callers that come at once, and not again while it remembers', async () => {
  const { asked, find } = source();
  const get = remember(find, options);
  const callers = [...Array.from({ length: 16 }, () => get('a')), get('b')];
  asked[0]?.answer({ name: 'A' });
  asked[1]?.answer({ name: 'B' });
  expect(await Promise.all(callers)).toEqual([...Array(16).fill({ name: 'A' }), { name: 'B' }]);
  expect(await get('a')).toEqual({ name: 'A' });
  expect(asked.map(({ key }) => key)).toEqual(['a', 'b']);
});

it('asks again for what was not found, or could not be read', async () => {
  const { asked, find } = source();
  const get = remember(find, options);
  const nothing = get('a');
  asked[0]?.answer(undefined);
  expect(await nothing).toBeUndefined();
  const failing = get('a');
  asked[1]?.fail();
  await expect(failing).rejects.toThrow('away');
  const found = get('a');
  asked[2]?.answer({ name: 'A' });
  expect(await found).toEqual({ name: 'A' });
});

it('keeps that there is nothing, too, where it is told to, and still no failure', async () => {
  const { asked, find } = source();
  const get = remember(find, { ...options, keepsNothing: true });
  const failing = get('a');
  asked[0]?.fail();
  await expect(failing).rejects.toThrow('away');
  const nothing = get('a');
  asked[1]?.answer(undefined);
  expect([await nothing, await get('a')]).toEqual([undefined, undefined]);
  expect(asked).toHaveLength(2);
  get.forget();
  const found = get('a');
  asked[2]?.answer({ name: 'A' });
  expect(await found).toEqual({ name: 'A' });
});

it('keeps a no as well as a yes', async () => {
  const asked: string[] = [];
  const get = remember(async (key) => {
    asked.push(key);
    return key === 'yes';
  }, options);
  expect([await get('yes'), await get('no'), await get('yes'), await get('no')]).toEqual([true, false, true, false]);
  expect(asked).toEqual(['yes', 'no']);
});

it('asks anew once it was told to forget, and does not keep what was asked for before', async () => {
  const { asked, find } = source();
  const get = remember(find, options);
  const before = get('a');
  get.forget();
  const after = get('a');
  asked[1]?.answer({ name: 'new' });
  asked[0]?.answer({ name: 'old' });
  expect(await Promise.all([before, after])).toEqual([{ name: 'old' }, { name: 'new' }]);
  expect(await get('a')).toEqual({ name: 'new' });
  expect(asked).toHaveLength(2);
});

it('remembers no more than its bound', async () => {
  const asked: string[] = [];
  const get = remember(async (key) => {
    asked.push(key);
    return { key };
  }, options);
  for (const key of ['a', 'b', 'c', 'c', 'a']) await get(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('does the same for what there is one of', async () => {
  let count = 0;
  const get = rememberOne(async () => ({ count: ++count }), options.freshMs);
  expect([await get(), await get()]).toEqual([{ count: 1 }, { count: 1 }]);
  get.forget();
  expect(await get()).toEqual({ count: 2 });
});
