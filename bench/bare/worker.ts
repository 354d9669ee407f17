/** A process of its own, as the worker of Countersign is. */
import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadWorkerConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/logger.ts';
import { closeOnSignal } from '../../runtime/shutdown.ts';
import { connectionOptionsFor } from '../../runtime/temporal.ts';
import * as activities from './activities.ts';

const config = loadWorkerConfig(process.env);
Runtime.install({ shutdownSignals: [] });
const connection = await NativeConnection.connect(connectionOptionsFor(config));
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TEMPORAL_TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
  activities,
  // As in worker/worker.ts, save for the encryption: the yardstick has the SDK's own data converter.
  maxCachedWorkflows: config.WORKER_MAX_CACHED_WORKFLOWS,
  stickyQueueScheduleToStartTimeout: '3 seconds',
  shutdownGraceTime: '5 seconds',
  shutdownForceTime: '8 seconds',
});

const running = worker.run();
closeOnSignal(
  createLogger('bare-worker', config.LOG_LEVEL),
  [
    {
      name: 'worker',
      close: async () => {
        worker.shutdown();
        await running;
      },
    },
    { name: 'temporal', close: () => connection.close() },
  ],
  12_000,
);
process.send?.({ ready: true });
await running;
