import type { Knex } from 'knex';
import { loadMigrateConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { createKnex } from './knex.ts';
import { migrationSource } from './migrations/index.ts';

/** Any number, the same in every process. */
const MIGRATION_LOCK = 7_203_114;
/** For pools that migrate: an index on a large table takes its time. */
export const MIGRATION_TIMEOUT_MS = 30 * 60_000;

/** Brings the schema to the newest state; returns the names of what was applied. Safe to run from several processes.
 * Needs a pool of at least two connections. */
export async function migrateToLatest(database: Knex): Promise<readonly string[]> {
  // knex makes its own tables without a lock; two processes on an empty database would both try.
  return database.transaction(async (transaction) => {
    await transaction.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    const [, applied]: [number, string[]] = await database.migrate.latest({ migrationSource });
    return applied;
  });
}

if (import.meta.main) {
  const logger = createLogger('migrate', 'info');
  const database = createKnex({
    connectionString: loadMigrateConfig(process.env).DATABASE_URL,
    poolSize: 2,
    queryTimeoutMs: MIGRATION_TIMEOUT_MS,
  });
  const applied = await migrateToLatest(database);
  await database.destroy();
  logger.info({ applied }, 'migrated');
}
