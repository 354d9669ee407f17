import { DefaultLogger, type LogEntry, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { WorkerConfig } from '../runtime/config.ts';
import type { Logger } from '../runtime/logger.ts';
import { connectionOptionsFor, dataConverterFor } from '../runtime/temporal.ts';
import { bundleWorkflows } from './bundle-workflows.ts';
import { logActivitiesOf } from './log-activities.ts';

/**
 * Once per process and before anything else of Temporal: its lines join ours, and signals are left to us. Its metrics are
 * shown on this port of loopback, where one is given.
 */
export function installRuntime(logger: Logger, metricsPort: number | undefined): void {
  Runtime.install({
    ...(metricsPort !== undefined && {
      telemetryOptions: {
        metrics: {
          prometheus: {
            bindAddress: `127.0.0.1:${metricsPort}`,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
          },
        },
      },
    }),
    logger: new DefaultLogger('WARN', ({ level, message, meta }: LogEntry) => {
      const workflowId: unknown = meta?.workflowId;
      const line = { ...(typeof workflowId === 'string' && { workflowId }), ...(meta?.error && { err: meta.error }) };
      logger[level === 'TRACE' ? 'trace' : (level.toLowerCase() as 'debug' | 'info' | 'warn' | 'error')](line, message);
    }),
    shutdownSignals: [],
  });
}

/** Connects and makes the one worker of this process; `run()` is up to the caller. */
export async function createWorker(
  config: WorkerConfig,
  activities: Activities,
): Promise<{ worker: Worker; connection: NativeConnection }> {
  const connection = await NativeConnection.connect(connectionOptionsFor(config));
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    workflowBundle: await bundleWorkflows(),
    activities,
    dataConverter: dataConverterFor(config),
    interceptors: { activity: [logActivitiesOf] },
    ...(config.WORKER_DEPLOYMENT_NAME !== undefined &&
      config.WORKER_BUILD_ID !== undefined && {
        workerDeploymentOptions: {
          version: { deploymentName: config.WORKER_DEPLOYMENT_NAME, buildId: config.WORKER_BUILD_ID },
          useWorkerVersioning: true,
          // Minutes, seldom days: what a build began it ends, and no history meets code that did not write it.
          defaultVersioningBehavior: 'PINNED' as const,
        },
      }),
    maxCachedWorkflows: config.WORKER_MAX_CACHED_WORKFLOWS,
    // Of the two tasks of a transaction the first is in the common queue, and there alone a begin waits for it: with the
    // SDK's two polls of ten there, some begins starved while all others went through.
    maxConcurrentWorkflowTaskPolls: 20,
    nonStickyToStickyPollRatio: 0.5,
    // A task stuck on a dead worker's own queue is offered to the others after this.
    stickyQueueScheduleToStartTimeout: '3 seconds',
    shutdownGraceTime: '5 seconds',
    // The longest poll takes a minute; nothing in it is lost, so it is not waited for.
    shutdownForceTime: '8 seconds',
  });
  return { worker, connection };
}

const PROBE_TIMEOUT_MS = 1_000;

/** Whether the Temporal service answers its simplest question within a second. */
export async function isServiceUp(connection: NativeConnection): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () => connection.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false; // why does not matter here
  }
}
