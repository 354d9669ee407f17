import { briefly } from '../../runtime/briefly.ts';

const OPTIONS = { max: 2, freshMs: 60_000 };

function counting(answer: (key: string, time: number) => Promise<string | undefined>) {
  const asked: string[] = [];
  return {
    asked,
    find: (key: string) => {
      asked.push(key);
      return answer(key, asked.length);
    },
  };
}

it('asks once for what sixteen want at once, and keeps it', async () => {
  const { asked, find } = counting(async (key) => `the ${key}`);
  const found = briefly(find, OPTIONS);
  const all = await Promise.all(Array.from({ length: 16 }, () => found('one')));
  expect(new Set(all)).toStrictEqual(new Set(['the one']));
  expect(await found('one')).toBe('the one');
  expect(asked).toStrictEqual(['one']);
});

it('keeps that there is nothing, too', async () => {
  const { asked, find } = counting(async () => undefined);
  const found = briefly(find, OPTIONS);
  expect([await found('one'), await found('one')]).toStrictEqual([undefined, undefined]);
  expect(asked).toHaveLength(1);
});

it('does not keep a failure', async () => {
  const { find } = counting(async (_key, time) => {
    if (time === 1) throw new Error('away');
    return 'back';
  });
  const found = briefly(find, OPTIONS);
  await expect(found('one')).rejects.toThrow('away');
  await expect(found('one')).resolves.toBe('back');
});

it('keeps no more than it may', async () => {
  const { asked, find } = counting(async (key) => key);
  const found = briefly(find, OPTIONS);
  for (const key of ['one', 'two', 'three', 'one']) await found(key);
  expect(asked).toStrictEqual(['one', 'two', 'three', 'one']);
});
