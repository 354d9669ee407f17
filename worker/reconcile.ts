import { parseArgs } from 'node:util';
import { createUnfinishedTransactions } from '../db/unfinished-transactions.ts';
import { loadWorkerConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { createDatabase } from './create-database.ts';
import { createWorkerMetrics } from './metrics.ts';
import { reconcileTransactions } from './reconcile-transactions.ts';
import { wireActivities } from './wiring.ts';

/** Ends what no workflow will end (docs/operations.md, "Backup and restore"); `--dry-run` only counts it. */
const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const config = loadWorkerConfig(process.env);
const logger = createLogger('reconcile', config.LOG_LEVEL);
const database = createDatabase(config, logger);
const client = createTemporalClient(config);
const { activities, close } = await wireActivities(config, database, logger, createWorkerMetrics());
try {
  const counts = await reconcileTransactions({
    unfinished: createUnfinishedTransactions(database),
    client,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    concludeTransaction: activities.concludeTransaction,
    isDryRun: values['dry-run'],
  });
  logger.info({ ...counts, dryRun: values['dry-run'] }, 'reconciled');
} catch (error) {
  logger.error({ err: error }, 'not reconciled; it may be run again');
  process.exitCode = 1;
} finally {
  await close();
  await client.connection.close();
  await database.destroy();
}
