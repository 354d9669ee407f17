import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrivalTimes } from '../../bench/open/arrivals.ts';
import { cloudPriceOf, cloudUseOf } from '../../bench/size/cloud-price.ts';
import { describeSize } from '../../bench/size/describe-size.ts';
import { createEventQueue } from '../../bench/size/event-queue.ts';
import { bottleneckOf, modelOf, offeredLoad } from '../../bench/size/model.ts';
import { readSizeOptions } from '../../bench/size/options.ts';
import { type SizeModel, simulate } from '../../bench/size/simulate.ts';

const arrivals = (perSecond: number, seconds: number) => arrivalTimes({ perSecond, seconds, kind: 'random', seed: 5 });

/** Within so many hundredths of what theory says. */
const near = (value: number, theory: number, percent: number): void => {
  expect(Math.abs(value / theory - 1) * 100).toBeLessThan(percent);
};

it('takes events in the order of their times, and of one time in the order in which they came', () => {
  const queue = createEventQueue<string>();
  for (const [atMs, event] of [
    [5, 'e'],
    [1, 'a'],
    [3, 'c'],
    [1, 'b'],
    [4, 'd'],
  ] as const)
    queue.put(atMs, event);
  const taken = Array.from({ length: 6 }, () => queue.take()?.event);
  expect(taken).toEqual(['a', 'b', 'c', 'd', 'e', undefined]);
});

describe('the simulation', () => {
  const oneStation = (processors: number, meanMs: number): SizeModel => ({
    processors: { api: processors },
    visits: [{ station: 'api', meanMs, meanBesideMs: 0 }],
    delayMs: 0,
  });

  it('agrees with theory for one processor (M/M/1)', () => {
    // Utilisation 0.5; the time there is exponential with a mean of 1 / (100 - 50) s.
    const { utilisation, total } = simulate(oneStation(1, 10), { arrivalsMs: arrivals(50, 1_000), seed: 1 });
    near(utilisation.api as number, 0.5, 2);
    near(total.p50, 20 * Math.log(2), 4);
    near(total.p95, 20 * Math.log(20), 4);
  });

  it('agrees with theory for several processors (M/M/2, by Erlang)', () => {
    // Utilisation 0.8: a share of 0.7111 waits at all, and then longer than t with exp(-2 * 100 * 0.2 * t).
    const { utilisation, wait } = simulate(oneStation(2, 10), { arrivalsMs: arrivals(160, 1_000), seed: 1 });
    near(utilisation.api as number, 0.8, 2);
    near(wait.p95, (1_000 / 40) * Math.log(0.7111 / 0.05), 7);
  });

  it('is the same for the same seed, and another for another', () => {
    const options = { arrivalsMs: arrivals(50, 20), seed: 1 };
    expect(simulate(oneStation(1, 10), options)).toEqual(simulate(oneStation(1, 10), options));
    expect(simulate(oneStation(1, 10), options)).not.toEqual(simulate(oneStation(1, 10), { ...options, seed: 2 }));
  });

  it('makes nobody wait for what is beside the way, nor at stations of others, and adds the delay', () => {
    const model: SizeModel = {
      processors: { api: 1 },
      visits: [
        { station: 'phone', meanMs: 1_000, meanBesideMs: 0 },
        { station: 'api', meanMs: 0, meanBesideMs: 5 },
      ],
      delayMs: 7,
    };
    const { utilisation, wait, total } = simulate(model, { arrivalsMs: [0, 1_000_000], seed: 1 });
    expect(Object.keys(utilisation)).toEqual(['api']);
    expect(utilisation.api).toBeGreaterThan(0);
    expect(wait.p99).toBe(0);
    expect(total.p50).toBeGreaterThan(7);
  });
});

describe('the model', () => {
  const demands = { processorMs: { api: 10, worker: 30, driver: 20 }, idleMs: 30 };

  it('counts all processor time, of which a transaction that is alone waits for its own time', () => {
    const { visits, delayMs, processors } = modelOf(demands, { kind: 'shared', processors: 2 });
    const sum = (of: 'meanMs' | 'meanBesideMs') => visits.reduce((all, visit) => all + visit[of], 0);
    near(sum('meanMs'), 30, 0.001);
    near(sum('meanBesideMs'), 30, 0.001);
    expect([delayMs, processors]).toEqual([0, { machine: 2 }]);
  });

  it('makes each ms take longer where others have a part of the machine', () => {
    const model = modelOf(demands, { kind: 'shared', processors: 2, ours: 0.5 });
    near(offeredLoad(model, 5).machine as number, (5 * 0.06) / 0.5, 0.001);
    expect(
      readSizeOptions(['--demands', 'api=1', '--idle-ms', '5', '--rates', '1', '--shared', '2', '--ours', '0.5']),
    ).toMatchObject({
      layout: { kind: 'shared', processors: 2, ours: 0.5 },
    });
  });

  it('calls time that no processor explains a delay', () => {
    const { visits, delayMs } = modelOf({ ...demands, idleMs: 100 }, { kind: 'shared', processors: 2 });
    expect(delayMs).toBe(40);
    expect(visits.every(({ meanBesideMs }) => meanBesideMs === 0)).toBe(true);
  });

  it('tells how full each component is, and which is full first', () => {
    const model = modelOf(demands, { kind: 'apart', processors: { api: 1, worker: 2 } });
    const load = offeredLoad(model, 20);
    near(load.api as number, 0.2, 0.001);
    near(load.worker as number, 0.3, 0.001);
    const { name, perSecond } = bottleneckOf(model, 0.6);
    expect(name).toBe('worker');
    near(perSecond, 40, 0.001);
  });
});

describe('the price of Temporal Cloud', () => {
  it('goes by tiers, beyond what the plan includes', () => {
    const none = { activeGbh: 0, retainedGbh: 0 };
    expect(cloudPriceOf({ actions: 2e6, ...none })).toEqual({ actions: 0, storage: 0, plan: 500, total: 500 });
    // The example of the published page: 11.25 million beyond the plan's.
    expect(cloudPriceOf({ actions: 13.75e6, ...none }).actions).toBeCloseTo(525);
    expect(() => cloudPriceOf({ actions: 203e6, ...none })).toThrow('not published');
  });

  it('has storage in it, and a tenth for the plan where that is more', () => {
    // The example of the published page, beyond the plan's.
    const use = { actions: 0, activeGbh: 2.5 * 744 + 720, retainedGbh: 100 * 744 + 3_600 };
    expect(cloudPriceOf(use).storage).toBeCloseTo(34.02);
    const much = cloudPriceOf({ ...use, actions: 202.5e6 });
    expect(much.actions).toBeCloseTo(250 + 225 + 400 + 1_050 + 1_500 + 2_500);
    expect(much.plan).toBeCloseTo(0.1 * (much.actions + much.storage));
  });

  it('counts histories while they are open and while they are kept', () => {
    const use = cloudUseOf({
      ...{ perMonth: 1e6, actions: 6, historyBytes: 7_200 },
      ...{ openSeconds: 60, retentionDays: 10 },
    });
    expect(use.actions).toBe(6e6);
    expect(use.activeGbh).toBeCloseTo(0.12);
    expect(use.retainedGbh).toBeCloseTo(1_728);
  });
});

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'size-'));
  const file = join(folder, 'open.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const rate = (perSecond: number, p50: number, api: number) => ({
    rate: perSecond,
    all: { total: { p50, p95: 2 * p50 } },
    processorMs: { api, worker: 20 },
    history: { cloudActions: 6, bytes: 7_000 },
  });
  writeFileSync(
    file,
    JSON.stringify({
      options: { mode: 'open-loop', arrivals: 'random' },
      measurements: [rate(2, 50, 14), rate(10, 70, 10)],
    }),
  );

  it('compares what was measured with what it says', () => {
    const options = readSizeOptions(['--findings', file, '--shared', '2', '--seconds', '60']);
    expect(options).toMatchObject({ demands: { processorMs: { api: 10, worker: 20 }, idleMs: 50 }, rates: [2, 10] });
    const lines = describeSize(options as NonNullable<typeof options>);
    expect(lines).toContainEqual(expect.stringMatching(/^ +10 +15 .* 70 +140 +0\.0$/));
    expect(lines.join('\n')).toContain('machine is full first: 46.7 transactions per second use 70 % of it.');
  });

  it('sizes components apart, and tells where one falls behind, and what the cloud costs', () => {
    const args = ['--findings', file, '--processors', 'api=1,worker=1', '--rates', '20,60', '--seconds', '10'];
    const lines = describeSize(readSizeOptions([...args, '--per-month', '10000000']) as never);
    expect(lines).toContainEqual(expect.stringMatching(/^ +60 +60 +120 +ever +ever +more$/));
    expect(lines.join('\n')).toContain('worker is full first: 35.0');
    expect(lines.join('\n')).toContain('60.0 million Actions');
  });

  it('does without findings', () => {
    const args = ['--demands', 'api=9, worker=20.5', '--idle-ms', '60', '--rates', '5', '--shared', '1'];
    expect(readSizeOptions(args)).toMatchObject({ demands: { processorMs: { api: 9, worker: 20.5 }, idleMs: 60 } });
    expect(readSizeOptions(['--help'])).toBeUndefined();
  });

  it.each([
    [['--demands', 'api', '--idle-ms', '5', '--rates', '1', '--shared', '1'], '--demands'],
    [['--demands', 'api=1', '--rates', '1', '--shared', '1'], '--idle-ms'],
    [['--idle-ms', '5', '--rates', '1', '--shared', '1'], '--findings'],
    [['--findings', file], '--shared'],
    [['--findings', file, '--shared', '0'], '--shared'],
    [['--findings', file, '--processors', 'api=1.5'], '--processors'],
    [['--findings', join(folder, 'none.json'), '--shared', '1'], '--findings'],
    [['--shared', '1'], '--rates'],
    [['--findings', file, '--shared', '1', '--ours', '2'], '--ours'],
    [['--findings', file, '--processors', 'api=1', '--ours', '1'], '--ours'],
  ])('refuses %j and names the fault', (args, fault) => {
    expect(() => readSizeOptions(args)).toThrow(fault);
  });
});
