import type { Knex } from 'knex';
import { createKnex } from '../db/knex.ts';
import type { WorkerConfig } from '../runtime/config.ts';
import type { Logger } from '../runtime/logger.ts';

/** The pool of a process that settles transactions: what it writes of events is kept and logged as configured. */
export function createDatabase(config: WorkerConfig, logger: Logger): Knex {
  return createKnex({
    connectionString: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    warn: (message) => logger.warn({ database: message }, 'database connection'),
    events: {
      excluded: config.EVENTS_EXCLUDED,
      hear: config.EVENT_LOG ? (event) => logger.info({ event }, 'event') : undefined,
    },
  });
}
