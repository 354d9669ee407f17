import { readFileSync } from 'node:fs';
import { loadWorkerConfig } from '../runtime/config.ts';
import { parseKeyring } from '../runtime/keyring.ts';
import { connectionOptionsFor } from '../runtime/temporal.ts';
import { keepApnsIdentity, settingsFor } from './apns-simulator/signing-key.ts';
import { childEnvironment, refuseUnusable } from './child-environment.ts';
import { startCodecServer } from './codec-server.ts';
import { type DemoFile, NOTHING_RUNS, pathsIn, readDemoFile, writeDemoFile } from './data-folder.ts';
import { DEMO } from './demo-data.ts';
import { prepareDatabase } from './demo-database.ts';
import { clientSecretOf, encryptionKeysOf, operatorOf, verifierSecretOf } from './demo-keys.ts';
import { type ClaimedPorts, claimPorts, releasePorts } from './demo-ports.ts';
import { DEMO_SMS_TYPES } from './demo-sms.ts';
import { endLeftovers } from './end-leftovers.ts';
import { loopbackUrl } from './loopback-server.ts';
import {
  keepApi,
  keepApnsSimulator,
  keepPostgres,
  keepSimulator,
  keepTemporal,
  keepTwilio,
  keepWorker,
  readinessStatusOf,
} from './parts.ts';
import { preparePages } from './prepare-pages.ts';
import type { Supervisor } from './supervisor.ts';
import { waitForTemporal } from './temporal-health.ts';
import { keepTwilioAccount } from './twilio-simulator/twilio-account.ts';
import { startVerifierSimulator } from './verifier-simulator.ts';
import { waitUntil } from './wait-until.ts';

const REACHABLE_DEADLINE_MS = 10_000;
const READY_DEADLINE_MS = 45_000;

/** What runs now, and on which ports. */
export interface BroughtUp {
  readonly demo: DemoFile;
  readonly ports: ClaimedPorts;
  /** False where they could not be built. */
  readonly havePages: boolean;
}

/**
 * Starts everything, in the order in which the parts need each other, and resolves when the API says that it is ready.
 * What is started belongs to `supervisor`, also when this throws. Writes `demo.json`, anew after each restart of a part.
 */
export async function bringUp(dataDir: string, env: NodeJS.ProcessEnv, supervisor: Supervisor): Promise<BroughtUp> {
  const { signal } = supervisor;
  const say = (line: string): void => {
    signal.throwIfAborted();
    supervisor.say(line);
  };
  const clientSecret = clientSecretOf(dataDir);
  const demoPortal = {
    client: { id: DEMO.clientId, secret: clientSecret },
    fcmUrl: loopbackUrl(1),
    smsUrl: loopbackUrl(1),
  };
  const operator = operatorOf(dataDir);
  // With something in the place of what is not started yet, so that everything else can be checked first.
  const settings = {
    databaseUrl: env.DATABASE_URL || 'postgres://127.0.0.1/to-be-started',
    temporalAddress: env.TEMPORAL_ADDRESS || '127.0.0.1:1',
    namespace: env.TEMPORAL_NAMESPACE || 'default',
    taskQueue: env.TEMPORAL_TASK_QUEUE || 'countersign',
    encryptionKeys: encryptionKeysOf(dataDir, env),
    apiPort: 0,
    demoPortal,
    operatorAccount: operator.account,
  };
  refuseUnusable(childEnvironment(env, settings));
  const { namespace, taskQueue } = settings;
  const keyring = parseKeyring(settings.encryptionKeys);

  await endLeftovers(dataDir, say);
  const ports = await claimPorts(readDemoFile(dataDir)?.ports);
  supervisor.add({ name: 'ports', stop: () => releasePorts(ports) });
  supervisor.add({ name: 'demo.json', stop: () => sayNothingRuns(dataDir) });
  sayNothingRuns(dataDir);
  const setting = { dataDir, env, ports, supervisor };

  const postgres = env.DATABASE_URL ? undefined : keepPostgres(setting);
  const uiPort = ports.temporalUi.port;
  const codec = env.TEMPORAL_ADDRESS ? undefined : await startCodecServer({ port: ports.codec.port, keyring, uiPort });
  if (codec) supervisor.add({ name: 'codec endpoint', stop: () => codec.close() });
  const temporal = codec && keepTemporal(setting, namespace, codec.url);
  const simulator = keepSimulator(setting);
  const twilio = keepTwilio(setting);
  const apnsSimulator = keepApnsSimulator(setting);
  const verifier = await startVerifierSimulator({ port: ports.verifier.port, secret: verifierSecretOf(dataDir) });
  supervisor.add({ name: 'verifier', stop: () => verifier.close() });

  const fcm = loopbackUrl(ports.simulator.port);
  const twilioUrl = loopbackUrl(ports.twilio.port);
  const apns = loopbackUrl(ports.apns.port);

  async function bringUpDatabase(): Promise<string> {
    const connectionString = postgres ? (await postgres.started).connectionString : settings.databaseUrl;
    // They make their accounts, keys and certificates.
    await Promise.all([simulator.started, twilio.started, apnsSimulator.started]);
    const serviceAccountJson = readFileSync(pathsIn(dataDir).serviceAccount, 'utf8');
    const twilioAccount = keepTwilioAccount(pathsIn(dataDir).twilioAccount);
    const apnsSettings = settingsFor(keepApnsIdentity(pathsIn(dataDir).apnsIdentity), {
      production: `https://127.0.0.1:${ports.apnsProduction.port}`,
      development: `https://127.0.0.1:${ports.apnsDevelopment.port}`,
    });
    const demoData = {
      clientSecret,
      fcm: { serviceAccountJson, endpoint: fcm },
      twilio: { account: twilioAccount, endpoint: twilioUrl },
      apnsSettings,
      verifier: verifier.settings,
      keyring,
    };
    await prepareDatabase({ connectionString, isOurs: postgres !== undefined, demoData });
    say(`PostgreSQL is ready on ${new URL(connectionString).host}, with its schema and the demonstration data`);
    return connectionString;
  }

  const [databaseUrl, , havePages] = await Promise.all([
    bringUpDatabase(),
    temporal?.started,
    preparePages({ dataDir, env, say, signal }),
  ]);
  const temporalAddress = env.TEMPORAL_ADDRESS || `127.0.0.1:${ports.temporal.port}`;
  const childEnv = childEnvironment(
    { TEMPORAL_SEARCH_ATTRIBUTES: 'true', ...env },
    {
      ...settings,
      databaseUrl,
      temporalAddress,
      apiPort: ports.api.port,
      demoPortal: { ...demoPortal, fcmUrl: fcm, smsUrl: twilioUrl },
      temporalUiUrl: temporal ? loopbackUrl(uiPort) : undefined,
    },
  );
  if (!temporal) await waitForForeignTemporal(childEnv, signal);
  say(`Temporal is ready on ${temporalAddress}`);

  const worker = keepWorker(setting, childEnv);
  const apiProcess = keepApi(setting, childEnv);
  const api = loopbackUrl(ports.api.port);
  await Promise.all([worker.started, apiProcess.started]);
  const isReady = async (): Promise<boolean> => (await readinessStatusOf(api)) === 200;
  await waitUntil(isReady, { what: 'the API, to get ready,', withinMs: READY_DEADLINE_MS, signal });

  const describe = (): DemoFile => ({
    api,
    temporal: { address: temporalAddress, namespace, taskQueue, ui: temporal ? loopbackUrl(uiPort) : null },
    database: databaseUrl,
    fcm,
    twilio: twilioUrl,
    apns,
    codec: codec?.url ?? null,
    client: { id: DEMO.clientId, secret: clientSecret },
    operator: { name: operator.name, password: operator.password },
    types: [...DEMO.types, ...DEMO_SMS_TYPES].map(({ name }) => name),
    application: DEMO.applicationId,
    pids: {
      supervisor: process.pid,
      api: apiProcess.pid(),
      worker: worker.pid(),
      postgres: postgres?.pid() ?? null,
      temporal: temporal?.pid() ?? null,
      simulator: simulator.pid(),
      twilio: twilio.pid(),
      apns: apnsSimulator.pid(),
    },
    ports: {
      api: ports.api.port,
      simulator: ports.simulator.port,
      twilio: ports.twilio.port,
      codec: ports.codec.port,
      apns: ports.apns.port,
      apnsProduction: ports.apnsProduction.port,
      apnsDevelopment: ports.apnsDevelopment.port,
      verifier: ports.verifier.port,
      temporal: ports.temporal.port,
      temporalUi: uiPort,
      postgres: ports.postgres.port,
    },
  });
  supervisor.onRestart = () => writeDemoFile(dataDir, describe());
  supervisor.onRestart();
  return { demo: describe(), ports, havePages };
}

/** Ids of processes that are gone may soon be those of others. */
function sayNothingRuns(dataDir: string): void {
  const last = readDemoFile(dataDir);
  if (last) writeDemoFile(dataDir, { ...last, pids: NOTHING_RUNS });
}

async function waitForForeignTemporal(childEnv: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const config = loadWorkerConfig(childEnv);
  const { apiKey, tls } = connectionOptionsFor(config);
  await waitForTemporal({
    connection: { address: config.TEMPORAL_ADDRESS, tls: tls ?? false, ...(typeof apiKey === 'string' && { apiKey }) },
    namespace: config.TEMPORAL_NAMESPACE,
    withinMs: REACHABLE_DEADLINE_MS,
    signal,
    namespaceMayFollow: false,
  });
}
