import { inParallel } from '../../bench/waiting/in-parallel.ts';

const never = new AbortController().signal;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('does so many at once, and gives the results in their order', async () => {
  let atOnce = 0;
  let most = 0;
  const results = await inParallel([3, 1, 2, 5, 4], 2, never, async (turns) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    atOnce -= 1;
    return turns * 10;
  });
  expect(results).toEqual([30, 10, 20, 50, 40]);
  expect(most).toBe(2);
});

it('fails with the first failure, and begins no more', async () => {
  const begun: number[] = [];
  const running = inParallel([0, 1, 2, 3], 2, never, async (number) => {
    begun.push(number);
    await nextTurn();
    if (number === 0) throw new Error('refused');
  });
  await expect(running).rejects.toThrow('refused');
  expect(begun.length).toBeLessThan(4);
});

it('does nothing when it was stopped', async () => {
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(inParallel([1], 1, stopped, () => Promise.reject(new Error('begun')))).rejects.toThrow('stopped');
});
