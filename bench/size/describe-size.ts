import { arrivalTimes } from '../open/arrivals.ts';
import { renderTable } from '../table.ts';
import { cloudPriceOf, cloudUseOf } from './cloud-price.ts';
import { bottleneckOf, modelOf, offeredLoad } from './model.ts';
import type { Measured, SizeOptions } from './options.ts';
import { type SizeModel, simulate } from './simulate.ts';

/** Past this a little more load makes much more waiting. */
const WELL_USED = 0.7;

/** Simulates each rate; what is printed. */
export function describeSize(options: SizeOptions): string[] {
  const { demands, layout, rates, measured } = options;
  const model = modelOf(demands, layout);
  const stations = Object.keys(model.processors);
  const bottleneck = bottleneckOf(model, WELL_USED);
  const isCompared = layout.kind === 'shared' && measured.length > 0;
  return [
    `One transaction: ${Object.entries(demands.processorMs)
      .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
      .join(', ')} ms of processor time; alone it takes ${demands.idleMs.toFixed(0)} ms.`,
    `Simulated: ${options.arrivals} arrivals for ${options.seconds} s. Wait for processors and whole time in ms.`,
    '',
    ...renderTable(
      ['arrivals/s', ...stations.map((name) => `${name} %`), 'wait p95', 'p50', 'p95', ...(isCompared ? COMPARED : [])],
      rates.map((rate) => {
        const atRate = isCompared ? measured.find((one) => one.rate === rate) : undefined;
        // The fuller it is the less idling there is in what one costs: each rate by its own cost, where it is known.
        const own = atRate ? modelOf({ ...demands, processorMs: atRate.processorMs }, layout) : model;
        return rowOf(options, own, rate, isCompared, atRate);
      }),
    ),
    '',
    `${bottleneck.name} is full first: ${bottleneck.perSecond.toFixed(1)} transactions per second use ${WELL_USED * 100} % of it.`,
    ...describeCloud(options),
  ];
}

const COMPARED = ['measured p50', 'measured p95', 'others'];

function rowOf(
  { arrivals: kind, seconds, seed }: SizeOptions,
  model: SizeModel,
  rate: number,
  isCompared: boolean,
  atRate: Measured | undefined,
): string[] {
  const offered = Object.values(offeredLoad(model, rate));
  const compared = isCompared
    ? [atRate?.p50.toFixed(0) ?? '-', atRate?.p95.toFixed(0) ?? '-', atRate?.othersBusy.toFixed(1) ?? '-']
    : [];
  const utilisation = offered.map((load) => (load * 100).toFixed(0));
  // Past what it can do the numbers only tell how long the simulation went on.
  if (offered.some((load) => load >= 1)) return [String(rate), ...utilisation, 'ever', 'ever', 'more', ...compared];
  const arrivalsMs = arrivalTimes({ perSecond: rate, seconds, kind, seed });
  const { wait, total } = simulate(model, { arrivalsMs, seed });
  return [String(rate), ...utilisation, wait.p95.toFixed(0), total.p50.toFixed(0), total.p95.toFixed(0), ...compared];
}

function describeCloud({ cloud }: SizeOptions): string[] {
  if (!cloud) return [];
  const use = cloudUseOf(cloud);
  const price = cloudPriceOf(use);
  const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
  return [
    `Temporal Cloud, ${cloud.perMonth} transactions a month, ${cloud.actions} Actions each: ${(use.actions / 1e6).toFixed(1)} million Actions, ` +
      `${use.activeGbh.toFixed(1)} GBh active, ${use.retainedGbh.toFixed(1)} GBh retained.`,
    `Business plan, by the published prices: Actions ${dollars(price.actions)}, storage ${dollars(price.storage)}, ` +
      `plan ${dollars(price.plan)}; ${dollars(price.total)} a month.`,
  ];
}
