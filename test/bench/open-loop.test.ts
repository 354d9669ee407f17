import { arrivalTimes } from '../../bench/open/arrivals.ts';
import { runOpenLoop } from '../../bench/open/open-loop.ts';
import { createPool } from '../../bench/open/pool.ts';

const neverStopped = new AbortController().signal;

describe('arrivals', () => {
  const stream = { perSecond: 50, seconds: 2, seed: 1 };

  it('come evenly when they are to', () => {
    const times = arrivalTimes({ ...stream, kind: 'even' });
    expect(times).toHaveLength(100);
    expect(times.slice(0, 3)).toEqual([0, 20, 40]);
  });

  it('come at random moments otherwise: as many on average, and the same for the same seed', () => {
    const times = arrivalTimes({ ...stream, seconds: 200, kind: 'random' });
    expect(times.length).toBeGreaterThan(9_600);
    expect(times.length).toBeLessThan(10_400);
    expect(times).toEqual(arrivalTimes({ ...stream, seconds: 200, kind: 'random' }));
    expect(times).not.toEqual(arrivalTimes({ ...stream, seconds: 200, kind: 'random', seed: 2 }));
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    // Of exponential gaps a share of 1/e is longer than the average.
    const long = gaps.filter((gap) => gap > 20).length / gaps.length;
    expect(long).toBeGreaterThan(0.34);
    expect(long).toBeLessThan(0.4);
  });
});

describe('an open loop', () => {
  const loop = { warmUpMs: 0, endMs: 3, readMeters: async () => undefined, signal: neverStopped };

  it('begins each run whether or not the earlier ones have ended', async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const { mostUnderWay, arrivals } = await runOpenLoop({
      ...loop,
      arrivalsMs: [0, 1, 2],
      async runOnce(arrival) {
        begun += 1;
        if (begun === 3) gate.resolve();
        await gate.promise;
        return arrival;
      },
    });
    expect(mostUnderWay).toBe(3);
    expect(arrivals).toHaveLength(3);
  });

  it('counts from when a run was to begin, also when it could not', async () => {
    const pool = createPool(['the only phone']);
    const { arrivals } = await runOpenLoop({
      ...loop,
      arrivalsMs: [0, 0, 0],
      runOnce: () => pool.use(() => new Promise((resolve) => setTimeout(resolve, 20))),
    });
    const [origin] = arrivals.map(({ intendedAtMs }) => intendedAtMs);
    for (const { intendedAtMs } of arrivals) expect(intendedAtMs).toBe(origin);
    // The third one waited for two others; a timer may ring a millisecond early.
    const last = arrivals[2] as (typeof arrivals)[number];
    expect(last.endedAtMs - last.intendedAtMs).toBeGreaterThan(55);
  });

  it('counts failures, leaves out those of the warm-up, and reads its meters twice', async () => {
    let readings = 0;
    const { arrivals, before, after } = await runOpenLoop({
      ...loop,
      warmUpMs: 2,
      arrivalsMs: [0, 1, 2],
      async runOnce(arrival) {
        if (arrival === 2) throw new Error('refused');
        return arrival;
      },
      async readMeters() {
        readings += 1;
        return readings;
      },
    });
    expect(arrivals.map(({ result }) => result)).toEqual([{ failure: new Error('refused') }]);
    expect([before, after]).toEqual([1, 2]);
  });

  it('stops when it is told to, once those under way have ended', async () => {
    const stopping = new AbortController();
    let ended = 0;
    const running = runOpenLoop({
      ...loop,
      endMs: 3_600_000,
      arrivalsMs: [0, 3_599_000],
      async runOnce() {
        stopping.abort(new Error('Stopped by SIGINT.'));
        await new Promise((resolve) => setImmediate(resolve));
        ended += 1;
      },
      signal: stopping.signal,
    });
    await expect(running).rejects.toThrow('Stopped by SIGINT.');
    expect(ended).toBe(1);
  });
});

describe('a pool', () => {
  it('lends each thing to one at a time, in the order of asking, also after a failure', async () => {
    const pool = createPool(['a', 'b']);
    const lent = new Set<string>();
    const order: number[] = [];
    const use = (number: number) =>
      pool.use(async (item) => {
        expect(lent.has(item)).toBe(false);
        lent.add(item);
        await new Promise((resolve) => setImmediate(resolve));
        lent.delete(item);
        order.push(number);
        if (number === 0) throw new Error('broken');
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map(use));
    expect(results.map(({ status }) => status)).toEqual(['rejected', ...Array(4).fill('fulfilled')]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });
});
