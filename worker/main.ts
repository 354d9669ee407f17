import { readOperatingFigures } from '../db/operating-figures.ts';
import { loadWorkerConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { closeOnSignal } from '../runtime/shutdown.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { createDatabase } from './create-database.ts';
import { createWorkerMetrics } from './metrics.ts';
import { startOperationsServer } from './operations-server.ts';
import { sampleFigures } from './sample-figures.ts';
import { ensureSchedules } from './schedules.ts';
import { freeLoopbackPort, readSdkMetrics } from './sdk-metrics.ts';
import { wireActivities } from './wiring.ts';
import { createWorker, installRuntime, isServiceUp } from './worker.ts';

const config = loadWorkerConfig(process.env);
const logger = createLogger('worker', config.LOG_LEVEL);
const sdkMetricsPort = config.WORKER_METRICS_PORT === undefined ? undefined : await freeLoopbackPort();
installRuntime(logger, sdkMetricsPort);

const database = createDatabase(config, logger);
const metrics = createWorkerMetrics();
const { activities, close } = await wireActivities(config, database, logger, metrics);
const { worker, connection } = await createWorker(config, activities);
const client = createTemporalClient(config);
await ensureSchedules(client, config.TEMPORAL_TASK_QUEUE);
await client.connection.close();

const running = worker.run();

const readFigures = sampleFigures(metrics.registry, () => readOperatingFigures(database));
const operations =
  config.WORKER_METRICS_PORT === undefined || sdkMetricsPort === undefined
    ? undefined
    : await startOperationsServer({
        host: config.WORKER_METRICS_HOST,
        port: config.WORKER_METRICS_PORT,
        metricsToken: config.METRICS_TOKEN,
        isDatabaseUp: () =>
          Promise.resolve(database.raw('select 1')).then(
            () => true,
            () => false,
          ),
        isTemporalUp: () => isServiceUp(connection),
        isWorking: () => worker.getState() === 'RUNNING',
        async metrics() {
          await readFigures();
          return `${await metrics.registry.metrics()}${await readSdkMetrics(sdkMetricsPort)}`;
        },
      });

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
    // Last of what is seen from outside: while the worker drains it is alive, and not ready.
    { name: 'operations', close: () => operations?.close() },
    { name: 'temporal', close: () => connection.close() },
    { name: 'database', close: () => database.destroy() },
  ],
  12_000,
);
logger.info({ operations: operations?.address }, 'worker ready');
process.send?.({ ready: true });
// A worker that can not go on (Temporal gone for good) ends the process: whoever runs it starts it anew.
await running;
