import { parseArgs } from 'node:util';
import type { Reconciliation } from '../activities/reconcile-transactions.ts';
import { loadWorkerConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { createDatabase } from './create-database.ts';
import { createWorkerMetrics } from './metrics.ts';
import { wireActivities } from './wiring.ts';

/**
 * Does at once what the workflow `reconciliation` does every five minutes (docs/operations.md, "Workflows that are gone");
 * `--dry-run` only counts it.
 */
const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const config = loadWorkerConfig(process.env);
const logger = createLogger('reconcile', config.LOG_LEVEL);
const database = createDatabase(config, logger);
const { activities, close } = await wireActivities(config, database, logger, createWorkerMetrics());
try {
  const isDryRun = values['dry-run'];
  const counts = { expired: 0, calledBack: 0, running: 0, failed: 0 };
  let run: Pick<Reconciliation, 'next'> = {};
  do {
    const { next, ...more } = await activities.reconcileTransactions({
      ...(run.next && { from: run.next }),
      isDryRun,
      isThorough: true,
    });
    for (const kind of ['expired', 'calledBack', 'running', 'failed'] as const) counts[kind] += more[kind];
    run = next ? { next } : {};
  } while (run.next);
  logger.info({ ...counts, dryRun: isDryRun }, 'reconciled');
  if (counts.failed > 0) process.exitCode = 1;
} catch (error) {
  logger.error({ err: error }, 'not reconciled; it may be run again');
  process.exitCode = 1;
} finally {
  await close();
  await database.destroy();
}
