import { type HistoryCost, medianCostOf } from './history-cost.ts';
import { measureBare, measureWhole } from './measure.ts';
import { readPeaks } from './memory.ts';
import type { ClosedOptions } from './options.ts';
import { setStage } from './set-stage.ts';
import type { Place } from './start-servers.ts';
import { type Pair, type Summary, summarise } from './summarise.ts';
import { describeSurroundings, type Surroundings } from './surroundings.ts';

/** Machines drift: bare and whole in turn, twice, so that both have their share of the good and the bad minutes. */
const ROUNDS = 2;

/** Everything a run has found out. */
export interface Findings {
  readonly surroundings: Surroundings;
  readonly rounds: readonly Pair[];
  /** One for each concurrency, in their order. */
  readonly summaries: readonly Summary[];
  readonly histories: {
    readonly whole: HistoryCost;
    readonly bare: HistoryCost;
    /** How many were read of each. */
    readonly count: number;
  };
  /** The most that each process had resident, in bytes. */
  readonly peakMemoryBytes: Readonly<Record<string, number>>;
}

/** Sets the stage and measures; `say` hears how far it is. Throws when a single transaction fails. */
export async function runBench(options: ClosedOptions, place: Place, say: (line: string) => void): Promise<Findings> {
  const { signal } = place;
  say('starting servers, api, worker and the bare worker, and enrolling phones');
  const stage = await setStage({
    ...{ ...place, options },
    equipment: { phones: Math.max(...options.concurrencies), withBareWorker: true },
  });
  const surroundings = describeSurroundings(stage);
  const rounds: Pair[] = [];
  const peakMemoryBytes: Record<string, number> = {};
  for (const concurrency of options.concurrencies) {
    for (let round = 1; round <= ROUNDS; round++) {
      const how = { concurrency, seconds: options.seconds, signal };
      const bare = await measureBare(stage, how);
      const whole = await measureWhole(stage, how);
      rounds.push({ bare, whole });
      say(
        `K=${concurrency}, round ${round} of ${ROUNDS}: ` +
          `bare ${bare.perSecond.toFixed(1)}/s, whole ${whole.perSecond.toFixed(1)}/s`,
      );
      for (const [name, bytes] of Object.entries(await readPeaks(stage.pids))) {
        peakMemoryBytes[name] = Math.max(bytes, peakMemoryBytes[name] ?? 0);
      }
    }
  }
  const wholeHistories = rounds.flatMap(({ whole }) => whole.histories);
  return {
    surroundings,
    rounds,
    summaries: options.concurrencies.map((concurrency) =>
      summarise(
        concurrency,
        rounds.filter(({ bare }) => bare.concurrency === concurrency),
      ),
    ),
    histories: {
      whole: medianCostOf(wholeHistories),
      bare: medianCostOf(rounds.flatMap(({ bare }) => bare.histories)),
      count: wholeHistories.length,
    },
    peakMemoryBytes,
  };
}
