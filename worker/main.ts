import { createKnex } from '../db/knex.ts';
import { untilReachable } from '../db/until-reachable.ts';
import { loadWorkerConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { closeOnSignal } from '../runtime/shutdown.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { ensureRetentionSchedule } from './retention-schedule.ts';
import { wireActivities } from './wiring.ts';
import { createWorker, installRuntime } from './worker.ts';

const config = loadWorkerConfig(process.env);
const logger = createLogger('worker', config.LOG_LEVEL);
installRuntime(logger);

const database = createKnex({
  connectionString: config.DATABASE_URL,
  poolSize: config.DATABASE_POOL_SIZE,
  warn: (message) => logger.warn({ database: message }, 'database connection'),
  events: {
    excluded: config.EVENTS_EXCLUDED,
    hear: config.EVENT_LOG ? (event) => logger.info({ event }, 'event') : undefined,
  },
});
await untilReachable(database, (message) => logger.warn({ database: message }, 'database connection'));
const { activities, close } = await wireActivities(config, database, logger);
const { worker, connection } = await createWorker(config, activities);
const client = createTemporalClient(config);
await ensureRetentionSchedule(client, config.TEMPORAL_TASK_QUEUE);
await client.connection.close();

const running = worker.run();
closeOnSignal(
  logger,
  [
    {
      name: 'worker',
      close: async () => {
        worker.shutdown();
        await running;
      },
    },
    { name: 'adapters', close },
    { name: 'temporal', close: () => connection.close() },
    { name: 'database', close: () => database.destroy() },
  ],
  12_000,
);
logger.info('worker ready');
process.send?.({ ready: true });
// A worker that can not go on (Temporal gone for good) ends the process: whoever runs it starts it anew.
await running;
