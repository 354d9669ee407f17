import type { Knex } from 'knex';
import { loadMigrateConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { createKnex } from './knex.ts';
import { migrationSource } from './migrations/index.ts';

/** Brings the schema to the newest state; returns the names of what was applied. Safe to run from several processes. */
export async function migrateToLatest(database: Knex): Promise<readonly string[]> {
  const [, applied]: [number, string[]] = await database.migrate.latest({ migrationSource });
  return applied;
}

if (import.meta.main) {
  const logger = createLogger('migrate', 'info');
  const database = createKnex({ connectionString: loadMigrateConfig(process.env).DATABASE_URL, poolSize: 2 });
  const applied = await migrateToLatest(database);
  await database.destroy();
  logger.info({ applied }, 'migrated');
}
