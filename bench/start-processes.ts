import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { childEnvironment } from '../dev/child-environment.ts';
import { pathsIn } from '../dev/data-folder.ts';
import { prepareDatabase } from '../dev/demo-database.ts';
import { claimPort } from '../dev/free-port.ts';
import { loopbackUrl } from '../dev/loopback-server.ts';
import { NODE_FLAGS, startNodeProcess } from '../dev/node-process.ts';
import { readinessStatusOf } from '../dev/parts.ts';
import { waitForTemporal } from '../dev/temporal-health.ts';
import { keepTwilioAccount } from '../dev/twilio-simulator/twilio-account.ts';
import { waitUntil } from '../dev/wait-until.ts';
import { type ApiConfig, loadApiConfig } from '../runtime/config.ts';
import { parseKeyring } from '../runtime/keyring.ts';
import { connectionOptionsFor } from '../runtime/temporal.ts';
import type { Servers, Setting } from './start-servers.ts';

const REACHABLE_DEADLINE_MS = 10_000;
const READY_DEADLINE_MS = 30_000;

/** Names of the processes, as they are shown, which are also those of their logs. */
export const LOGGED_PROCESSES = ['api', 'worker', 'bare-worker', 'push-simulator', 'sms-simulator'] as const;

type ProcessName = (typeof LOGGED_PROCESSES)[number];

export interface Processes {
  readonly apiUrl: string;
  readonly fcmUrl: string;
  readonly clientSecret: string;
  /** As the API has it. */
  readonly config: ApiConfig;
  readonly bareTaskQueue: string;
  /** Absent where the stage has no SMS gateway. */
  readonly smsUrl?: string;
  /** Of those that were started. */
  readonly pids: Readonly<Partial<Record<ProcessName, number>>>;
}

/** Starts Countersign as in production (api and worker, each a process), the simulated services, and the bare worker. */
export async function startProcesses(setting: Setting, servers: Servers): Promise<Processes> {
  const { options, equipment, dataDir, closing, signal } = setting;
  const run = randomBytes(4).toString('hex');
  const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  const clientSecret = randomBytes(32).toString('base64url');

  const pids: Partial<Record<ProcessName, number>> = {};
  const nodeFlags: Partial<Record<ProcessName, readonly string[]>> = {
    api: options.apiFlags ?? NODE_FLAGS.api,
    worker: options.workerFlags ?? NODE_FLAGS.worker,
  };

  async function start(name: ProcessName, script: string, env: NodeJS.ProcessEnv, args: string[] = []): Promise<void> {
    const process = await startNodeProcess({
      ...{ name, script, args, nodeFlags: nodeFlags[name] ?? [] },
      ...{ dataDir, env, signal },
    });
    closing.defer(() => process.stop());
    pids[name] = process.pid;
  }

  async function startSimulator(name: ProcessName, script: string): Promise<string> {
    const port = await claimPort();
    closing.defer(() => port.release());
    await start(name, script, process.env, ['--port', String(port.port), '--data', dataDir]);
    return loopbackUrl(port.port);
  }

  const apiPort = await claimPort();
  closing.defer(() => apiPort.release());
  const apiUrl = loopbackUrl(apiPort.port);
  const fcmUrl = await startSimulator('push-simulator', 'dev/fcm-simulator.ts');
  const smsUrl = equipment.forAllMethods ? await startSimulator('sms-simulator', 'dev/twilio-simulator.ts') : undefined;
  await prepareDatabase({
    connectionString: servers.databaseUrl,
    isOurs: true,
    demoData: {
      clientSecret,
      fcm: { serviceAccountJson: readFileSync(pathsIn(dataDir).serviceAccount, 'utf8'), endpoint: fcmUrl },
      ...(smsUrl !== undefined && {
        twilio: { account: keepTwilioAccount(pathsIn(dataDir).twilioAccount), endpoint: smsUrl },
      }),
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
  await start('api', 'api/main.ts', env);
  await start('worker', 'worker/main.ts', env);
  if (equipment.withBareWorker) {
    await start('bare-worker', 'bench/bare/worker.ts', { ...env, TEMPORAL_TASK_QUEUE: bareTaskQueue });
  }
  const isReady = async (): Promise<boolean> => (await readinessStatusOf(apiUrl)) === 200;
  await waitUntil(isReady, { what: 'the API, to get ready,', withinMs: READY_DEADLINE_MS, signal });
  return { apiUrl, fcmUrl, ...(smsUrl !== undefined && { smsUrl }), clientSecret, config, bareTaskQueue, pids };
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
