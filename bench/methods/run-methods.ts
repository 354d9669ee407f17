import { type HistoryCost, medianCostOf } from '../history-cost.ts';
import { measureWhole } from '../measure.ts';
import type { Usage } from '../meters.ts';
import { type Latencies, latenciesOf } from '../open/summarise-open.ts';
import type { MethodsOptions } from '../options.ts';
import { type Stage, setStage } from '../set-stage.ts';
import type { Place } from '../start-servers.ts';
import { describeSurroundings, type Surroundings } from '../surroundings.ts';
import type { MethodName } from '../whole/methods.ts';

/** One method by itself. */
export interface MethodMeasurement extends Usage {
  readonly method: MethodName;
  readonly perSecond: number;
  readonly latencies: Latencies;
  readonly history: HistoryCost;
  /** By which PostgreSQL's tables and indexes grew for one transaction. */
  readonly storedBytes: number;
}

export interface MethodsFindings {
  readonly surroundings: Surroundings;
  readonly measurements: readonly MethodMeasurement[];
}

/** Measures each method in turn, so many transactions at once. Throws when a single one fails. */
export async function runMethods(
  options: MethodsOptions,
  place: Place,
  say: (line: string) => void,
): Promise<MethodsFindings> {
  const { concurrency: phones, methods } = options;
  say('starting servers, api and worker, and enrolling phones');
  const stage = await setStage({ ...place, options, equipment: { phones, forAllMethods: true } });
  const measurements: MethodMeasurement[] = [];
  for (const method of methods) {
    const measurement = await measureMethod(stage, options, method, place.signal);
    measurements.push(measurement);
    say(`${method}: ${measurement.perSecond.toFixed(1)}/s`);
  }
  return { surroundings: describeSurroundings(stage), measurements };
}

async function measureMethod(
  stage: Stage,
  { concurrency, seconds }: MethodsOptions,
  method: MethodName,
  signal: AbortSignal,
): Promise<MethodMeasurement> {
  const countBefore = await countTransactions(stage);
  const bytesBefore = await readStoredBytes(stage);
  const {
    perSecond,
    runs,
    histories,
    measuredMs,
    concurrency: _,
    ...usage
  } = await measureWhole(stage, { concurrency, seconds, signal }, method);
  // Those of the warm-up are stored as well.
  const stored = (await countTransactions(stage)) - countBefore;
  return {
    method,
    perSecond,
    latencies: latenciesOf(runs.map((run) => ({ run, lateMs: 0 }))),
    history: medianCostOf(histories),
    storedBytes: ((await readStoredBytes(stage)) - bytesBefore) / stored,
    ...usage,
  };
}

async function countTransactions({ database }: Stage): Promise<number> {
  const { rows } = await database.raw('select count(*)::int as count from transactions');
  return rows[0].count;
}

async function readStoredBytes({ database }: Stage): Promise<number> {
  const { rows } = await database.raw(
    `select sum(pg_total_relation_size(c.oid))::float8 as bytes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname = 'public'`,
  );
  return rows[0].bytes;
}
