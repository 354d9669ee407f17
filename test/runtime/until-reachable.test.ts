import { untilReachable } from '../../runtime/until-reachable.ts';

it('tries again until it works, and tells of each failure', async () => {
  const failures: unknown[] = [];
  let attempts = 0;
  const work = async (): Promise<string> => {
    attempts += 1;
    if (attempts < 3) throw new Error(`attempt ${attempts}`);
    return 'there';
  };
  const warn = (error: unknown): void => void failures.push((error as Error).message);
  expect(await untilReachable(work, { withinMs: 3_600_000, warn })).toBe('there');
  expect(failures).toEqual(['attempt 1', 'attempt 2']);
});

it('throws the last failure when its time is up', async () => {
  const failures: unknown[] = [];
  const work = (): Promise<never> => Promise.reject(new Error('away'));
  await expect(untilReachable(work, { withinMs: 0, warn: (error) => failures.push(error) })).rejects.toThrow('away');
  expect(failures).toEqual([]);
});
