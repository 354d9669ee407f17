import { isGrpcServiceError } from '@temporalio/client';
import { loadWorkerConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { createTemporalClient } from '../runtime/temporal.ts';

/**
 * `node worker/use-build.ts [BUILD]`: makes a build (WORKER_BUILD_ID without an argument) the current one of
 * WORKER_DEPLOYMENT_NAME. Its workers must have been there once. Safe to repeat.
 */
const DEADLINE_MS = 10_000;

const config = loadWorkerConfig(process.env);
const logger = createLogger('use-build', config.LOG_LEVEL);
const deploymentName = config.WORKER_DEPLOYMENT_NAME;
const buildId = process.argv[2] ?? config.WORKER_BUILD_ID;
if (deploymentName === undefined || buildId === undefined) {
  throw new Error('WORKER_DEPLOYMENT_NAME and WORKER_BUILD_ID must be set');
}
const client = createTemporalClient(config);
try {
  await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: config.TEMPORAL_NAMESPACE,
      deploymentName,
      buildId,
      identity: 'countersign use-build',
    }),
  );
  logger.info({ deploymentName, buildId }, 'current');
} catch (error) {
  // The server's words name the deployment and what it lacks; they hold nothing of ours.
  logger.error({ err: error, why: isGrpcServiceError(error) ? error.details : undefined }, 'not made current');
  process.exitCode = 1;
} finally {
  await client.connection.close();
}
