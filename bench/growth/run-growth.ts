import { setTimeout as pause } from 'node:timers/promises';
import { totalOf } from '../describe.ts';
import { measureBare, measureWhole } from '../measure.ts';
import type { GrowthOptions } from '../options.ts';
import { type Stage, setStage } from '../set-stage.ts';
import type { Place } from '../start-servers.ts';
import { type Summary, summarise } from '../summarise.ts';
import { describeSurroundings, type Surroundings } from '../surroundings.ts';
import { type ConsoleRead, readConsole } from './console-reads.ts';
import { fillTables, GROWING_TABLES } from './fill-tables.ts';

/** Models for the rows that are made. */
const MODELS_SECONDS = 3;
const STATISTICS_LATE_MS = 1_500;

/** With so many settled transactions in the tables. */
export interface GrowthMeasurement {
  readonly size: number;
  readonly events: number;
  readonly databaseBytes: number;
  /** Bare workflows, which see nothing of these tables, show what else was different. */
  readonly summary: Summary;
  /** Processor time in ms of one whole transaction. */
  readonly postgresMs: number;
  readonly processorMs: number;
  /** Rows that PostgreSQL read in sequence, without an index, for one of them: what would grow with the tables. */
  readonly rowsInSequence: number;
  /** How long each question of the console takes; none where the API does not serve them. */
  readonly console: readonly ConsoleRead[];
}

export interface GrowthFindings {
  readonly surroundings: Surroundings;
  readonly measurements: readonly GrowthMeasurement[];
}

/** Measures with ever more in the tables; `say` hears how far it is. Throws when a single transaction fails. */
export async function runGrowth(
  options: GrowthOptions,
  place: Place,
  say: (line: string) => void,
): Promise<GrowthFindings> {
  const { concurrency, sizes, seconds } = options;
  const { signal } = place;
  say('starting servers, api, worker and the bare worker, and enrolling phones');
  const stage = await setStage({ ...place, options, equipment: { phones: concurrency, withBareWorker: true } });
  await measureWhole(stage, { concurrency, seconds: MODELS_SECONDS, signal });
  const measurements: GrowthMeasurement[] = [];
  for (const size of sizes) {
    await fillTables(stage.database, size, signal);
    const how = { concurrency, seconds, signal };
    const bare = await measureBare(stage, how);
    const rowsBefore = await readRowsInSequence(stage);
    const whole = await measureWhole(stage, how);
    const rowsInSequence = ((await readRowsInSequence(stage)) - rowsBefore) / whole.runs.length;
    const summary = summarise(concurrency, [{ bare, whole }]);
    measurements.push({
      size,
      ...(await readSizes(stage)),
      summary,
      postgresMs: whole.processorMs.PostgreSQL ?? 0,
      processorMs: totalOf(whole.processorMs),
      rowsInSequence,
      console: await readConsole(stage),
    });
    say(
      `${size} settled: whole p50 ${summary.total.p50.toFixed(0)} ms, bare p50 ${summary.bareTotal.p50.toFixed(0)} ms`,
    );
  }
  return { surroundings: describeSurroundings(stage), measurements };
}

async function readSizes({ database }: Stage): Promise<Pick<GrowthMeasurement, 'events' | 'databaseBytes'>> {
  const { rows } = await database.raw(
    `select (select count(*) from events)::int as events, pg_database_size(current_database())::float8 as "databaseBytes"`,
  );
  return rows[0];
}

/** Of the tables that grow, so far. PostgreSQL's sessions tell what they did within a second. */
async function readRowsInSequence({ database }: Stage): Promise<number> {
  await pause(STATISTICS_LATE_MS);
  const { rows } = await database.raw(
    'select coalesce(sum(seq_tup_read), 0)::float8 as count from pg_stat_user_tables where relname = any(?)',
    [[...GROWING_TABLES]],
  );
  return rows[0].count;
}
