import { createKnex } from '../db/knex.ts';
import { MIGRATION_TIMEOUT_MS, migrateToLatest } from '../db/migrate.ts';
import { migrationSource } from '../db/migrations/index.ts';
import { type DemoData, loadDemoData } from './demo-data.ts';
import { loosenLimits } from './demo-limits.ts';
import { StartError } from './start-error.ts';

/** Which database, and what goes into it. */
export interface DemoDatabaseOptions {
  readonly connectionString: string;
  /** True when nobody else can be using the database: a migration that was killed is then not waited for. */
  readonly isOurs: boolean;
  readonly demoData: DemoData;
}

/** Brings schema and demonstration data up to date. Throws when the database can not be reached or does not fit. */
export async function prepareDatabase({ connectionString, isOurs, demoData }: DemoDatabaseOptions): Promise<void> {
  const knex = createKnex({ connectionString, poolSize: 2, queryTimeoutMs: MIGRATION_TIMEOUT_MS });
  try {
    await knex.raw('select 1').catch((cause: Error) => {
      const which = isOurs ? 'The embedded database' : 'The database of DATABASE_URL';
      throw new StartError(`${which} can not be used: ${cause.message}`, { cause });
    });
    if (isOurs) await knex.migrate.forceFreeMigrationsLock({ migrationSource });
    await migrateToLatest(knex);
    await loadDemoData(knex, demoData);
    await loosenLimits(knex);
  } finally {
    await knex.destroy();
  }
}
