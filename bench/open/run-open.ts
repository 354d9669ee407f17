import { type HistoryCost, medianCostOf } from '../history-cost.ts';
import { readHistories } from '../measure.ts';
import { readPeaks } from '../memory.ts';
import { readMeters, type Usage, usageBetween } from '../meters.ts';
import type { OpenOptions } from '../options.ts';
import { type Stage, setStage } from '../set-stage.ts';
import type { Place } from '../start-servers.ts';
import { describeSurroundings, type Surroundings } from '../surroundings.ts';
import type { MethodName } from '../whole/methods.ts';
import { runWhole, type WholeRun } from '../whole/run-whole.ts';
import { arrivalTimes } from './arrivals.ts';
import { runOpenLoop } from './open-loop.ts';
import { createPool } from './pool.ts';
import { type OpenSummary, summariseOpen } from './summarise-open.ts';

const WARM_UP_SECONDS = 3;
/** Phones for so many seconds of arrivals: a transaction that takes longer makes those after it wait, and that counts. */
const PHONE_SECONDS = 6;
const MIN_PHONES = 32;
const MAX_PHONES = 400;

/** One rate. */
export interface OpenMeasurement extends OpenSummary, Usage {
  readonly rate: number;
  readonly measuredMs: number;
  /** Of those that arrived after the warm-up. */
  readonly arrived: number;
  readonly mostUnderWay: number;
  readonly history: HistoryCost;
}

export interface OpenFindings {
  readonly surroundings: Surroundings;
  readonly phones: number;
  readonly measurements: readonly OpenMeasurement[];
  /** The most that each process had resident, in bytes. */
  readonly peakMemoryBytes: Readonly<Record<string, number>>;
}

/** Lets transactions arrive at each rate; `say` hears how far it is. Those that fail are counted. */
export async function runOpen(options: OpenOptions, place: Place, say: (line: string) => void): Promise<OpenFindings> {
  const wanted = Math.ceil(Math.max(...options.rates) * PHONE_SECONDS);
  const phones = options.phones ?? Math.min(MAX_PHONES, Math.max(MIN_PHONES, wanted));
  say(`starting servers, api and worker, and enrolling ${phones} phones`);
  const forAllMethods = options.methods.some((method) => method !== 'push');
  const stage = await setStage({ ...place, options, equipment: { phones, forAllMethods } });
  const measurements: OpenMeasurement[] = [];
  for (const rate of options.rates) {
    const measurement = await measureRate(stage, options, rate, place.signal);
    measurements.push(measurement);
    say(
      `${rate}/s: ${measurement.all.count} of ${measurement.arrived} succeeded, ` +
        `p95 ${measurement.all.total.p95.toFixed(0)} ms`,
    );
  }
  const peakMemoryBytes = await readPeaks(stage.pids);
  return { surroundings: describeSurroundings(stage), phones, measurements, peakMemoryBytes };
}

async function measureRate(
  stage: Stage,
  { seconds, methods, arrivals: kind, seed }: OpenOptions,
  rate: number,
  signal: AbortSignal,
): Promise<OpenMeasurement> {
  const phones = createPool(stage.whole.phones);
  const endSeconds = WARM_UP_SECONDS + seconds;
  const { arrivals, measuredMs, mostUnderWay, before, after } = await runOpenLoop<
    WholeRun,
    Awaited<ReturnType<typeof readMeters>>
  >({
    arrivalsMs: arrivalTimes({ perSecond: rate, seconds: endSeconds, kind, seed }),
    warmUpMs: WARM_UP_SECONDS * 1_000,
    endMs: endSeconds * 1_000,
    runOnce: (arrival) =>
      phones.use((phone) => runWhole(stage.whole, phone, methods[arrival % methods.length] as MethodName)),
    readMeters: () => readMeters(stage.pids),
    signal,
  });
  const runs = arrivals.flatMap(({ result }) => ('outcome' in result ? [result.outcome] : []));
  return {
    rate,
    measuredMs,
    arrived: arrivals.length,
    mostUnderWay,
    ...summariseOpen(arrivals),
    // What ends is what arrived, as long as it keeps up.
    ...usageBetween(before, after, measuredMs, arrivals.length),
    history: medianCostOf(await readHistories(stage.whole.client, runs)),
  };
}
