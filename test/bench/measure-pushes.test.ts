import { measurePushes } from '../../bench/push/measure-pushes.ts';

const never = new AbortController().signal;

it('sends the warm-up and what is measured, no more at once than it may', async () => {
  let sent = 0;
  let atOnce = 0;
  let most = 0;
  const sendOne = async () => {
    sent += 1;
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
  };
  const rates = await measurePushes(sendOne, { warmUp: 7, measured: 40, concurrency: 5 }, never);
  expect([sent, most]).toStrictEqual([47, 5]);
  expect(rates.perSecond).toBeGreaterThan(0);
  expect(rates.p99Ms).toBeGreaterThanOrEqual(rates.p50Ms);
});

it('measures nothing where a push fails, or it is stopped', async () => {
  const counts = { warmUp: 0, measured: 10, concurrency: 2 };
  const refuse = () => Promise.reject(new Error('refused'));
  await expect(measurePushes(refuse, counts, never)).rejects.toThrow('refused');
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(measurePushes(() => Promise.resolve(), counts, stopped)).rejects.toThrow('stopped');
});
