import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { childEnvironment } from '../dev/child-environment.ts';
import { pathsIn } from '../dev/data-folder.ts';
import { prepareDatabase } from '../dev/demo-database.ts';
import { claimPort } from '../dev/free-port.ts';
import { loopbackUrl } from '../dev/loopback-server.ts';
import { startNodeProcess, WORKER_NODE_FLAGS } from '../dev/node-process.ts';
import { readinessStatusOf } from '../dev/parts.ts';
import { waitForTemporal } from '../dev/temporal-health.ts';
import { waitUntil } from '../dev/wait-until.ts';
import { type ApiConfig, loadApiConfig } from '../runtime/config.ts';
import { parseKeyring } from '../runtime/keyring.ts';
import { connectionOptionsFor } from '../runtime/temporal.ts';
import type { Servers, Setting } from './start-servers.ts';

const REACHABLE_DEADLINE_MS = 10_000;
const READY_DEADLINE_MS = 30_000;

/** Names of the processes, as they are shown, which are also those of their logs. */
export const LOGGED_PROCESSES = ['api', 'worker', 'bare-worker', 'push-simulator'] as const;

export interface Processes {
  readonly apiUrl: string;
  readonly fcmUrl: string;
  readonly clientSecret: string;
  /** As the API has it. */
  readonly config: ApiConfig;
  readonly bareTaskQueue: string;
  readonly pids: Readonly<Record<(typeof LOGGED_PROCESSES)[number], number>>;
}

/** Starts Countersign as in production (api and worker, each a process), the simulated push service, and the bare worker. */
export async function startProcesses(setting: Setting, servers: Servers): Promise<Processes> {
  const { dataDir, closing, signal } = setting;
  const run = randomBytes(4).toString('hex');
  const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  const clientSecret = randomBytes(32).toString('base64url');

  async function start(name: keyof Processes['pids'], script: string, env: NodeJS.ProcessEnv, args: string[] = []) {
    const nodeFlags = name === 'worker' ? WORKER_NODE_FLAGS : [];
    const process = await startNodeProcess({ name, script, args, nodeFlags, dataDir, env, signal });
    closing.defer(() => process.stop());
    return process.pid;
  }

  const [apiPort, fcmPort] = [await claimPort(), await claimPort()];
  closing.defer(() => apiPort.release());
  closing.defer(() => fcmPort.release());
  const [apiUrl, fcmUrl] = [loopbackUrl(apiPort.port), loopbackUrl(fcmPort.port)];
  const simulatorArguments = ['--port', String(fcmPort.port), '--data', dataDir];
  const simulatorPid = await start('push-simulator', 'dev/fcm-simulator.ts', process.env, simulatorArguments);
  await prepareDatabase({
    connectionString: servers.databaseUrl,
    isOurs: true,
    demoData: {
      clientSecret,
      fcm: { serviceAccountJson: readFileSync(pathsIn(dataDir).serviceAccount, 'utf8'), endpoint: fcmUrl },
      keyring: parseKeyring(encryptionKeys),
    },
  });

  const callersEnv = servers.temporalKind === 'given' ? process.env : withoutTemporal(process.env);
  const env = childEnvironment(callersEnv, {
    databaseUrl: servers.databaseUrl,
    temporalAddress: servers.temporalAddress,
    namespace: callersEnv.TEMPORAL_NAMESPACE || 'default',
    taskQueue: `bench-${run}`,
    encryptionKeys,
    apiPort: apiPort.port,
  });
  const config = loadApiConfig(env);
  if (servers.temporalKind === 'given') await requireTemporal(config, signal);
  const bareTaskQueue = `bench-bare-${run}`;
  const pids = {
    api: await start('api', 'api/main.ts', env),
    worker: await start('worker', 'worker/main.ts', env),
    'bare-worker': await start('bare-worker', 'bench/bare/worker.ts', { ...env, TEMPORAL_TASK_QUEUE: bareTaskQueue }),
    'push-simulator': simulatorPid,
  };
  const isReady = async (): Promise<boolean> => (await readinessStatusOf(apiUrl)) === 200;
  await waitUntil(isReady, { what: 'the API, to get ready,', withinMs: READY_DEADLINE_MS, signal });
  return { apiUrl, fcmUrl, clientSecret, config, bareTaskQueue, pids };
}

/** What the caller's environment says of their own Temporal (TLS, keys) is not for the embedded one. */
function withoutTemporal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** A worker would only tell its log that the service is not there. */
async function requireTemporal(config: ApiConfig, signal: AbortSignal): Promise<void> {
  const { apiKey, tls } = connectionOptionsFor(config);
  await waitForTemporal({
    connection: { address: config.TEMPORAL_ADDRESS, tls: tls ?? false, ...(typeof apiKey === 'string' && { apiKey }) },
    namespace: config.TEMPORAL_NAMESPACE,
    withinMs: REACHABLE_DEADLINE_MS,
    signal,
    namespaceMayFollow: false,
  });
}
