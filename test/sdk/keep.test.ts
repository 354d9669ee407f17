import { keep } from '../../sdk/keep.ts';

const entry = (name: string, keepUntilMs: number) => ({ name, keepUntil: new Date(keepUntilMs).toISOString() });

it('forgets what is past its time', () => {
  const kept = keep([entry('past', 999), entry('present', 1_001)], entry('new', 5_000), 1_000);
  expect(kept.map(({ name }) => name)).toEqual(['present', 'new']);
});

it('never keeps more than its bound, and forgets the oldest first', () => {
  let kept: readonly ReturnType<typeof entry>[] = [];
  for (let index = 0; index < 300; index++) kept = keep(kept, entry(String(index), 5_000), 1_000);
  expect(kept).toHaveLength(256);
  expect(kept[0]?.name).toBe('44');
});
