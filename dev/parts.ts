import type { Running } from './child-process.ts';
import type { ClaimedPorts } from './demo-ports.ts';
import { type RunningPostgres, startPostgres } from './embedded-postgres.ts';
import type { Keeper } from './keep-running.ts';
import { loopbackUrl } from './loopback-server.ts';
import { NODE_FLAGS, startNodeProcess } from './node-process.ts';
import type { Supervisor } from './supervisor.ts';
import { type RunningTemporal, startTemporal } from './temporal-server.ts';

const PROBE_DEADLINE_MS = 2_000;

/** What every part needs to know. */
export interface Setting {
  readonly dataDir: string;
  /** The environment that `npm start` was given. */
  readonly env: NodeJS.ProcessEnv;
  readonly ports: ClaimedPorts;
  readonly supervisor: Supervisor;
}

/** The embedded database. */
export function keepPostgres({ dataDir, ports, supervisor }: Setting): Keeper<RunningPostgres> {
  return supervisor.keep('PostgreSQL', (signal) => startPostgres({ dataDir, port: ports.postgres.port, signal }));
}

/** The embedded Temporal server with its web pages. */
export function keepTemporal(
  { dataDir, ports, supervisor }: Setting,
  namespace: string,
  codecEndpoint: string,
): Keeper<RunningTemporal> {
  const { say } = supervisor;
  const { temporal, temporalUi } = ports;
  const options = {
    dataDir,
    headless: false,
    port: temporal.port,
    uiPort: temporalUi.port,
    namespace,
    codecEndpoint,
    say,
  };
  return supervisor.keep('Temporal', (signal) => startTemporal({ ...options, signal }));
}

/** The simulated FCM, which makes its service account when it starts first. */
export function keepSimulator({ dataDir, env, ports, supervisor }: Setting): Keeper<Running> {
  const args = ['--port', String(ports.simulator.port), '--data', dataDir];
  return supervisor.keep('simulator', (signal) =>
    startNodeProcess({ name: 'simulator', script: 'dev/fcm-simulator.ts', args, dataDir, env, signal }),
  );
}

/** The simulated Twilio, which makes its account when it starts first. */
export function keepTwilio({ dataDir, env, ports, supervisor }: Setting): Keeper<Running> {
  const args = ['--port', String(ports.twilio.port), '--data', dataDir];
  return supervisor.keep('twilio', (signal) =>
    startNodeProcess({ name: 'twilio', script: 'dev/twilio-simulator.ts', args, dataDir, env, signal }),
  );
}

/** The simulated APNs, which makes its signing key and its certificate when it starts first. */
export function keepApnsSimulator({ dataDir, env, ports, supervisor }: Setting): Keeper<Running> {
  const { apns, apnsProduction, apnsDevelopment } = ports;
  const hosts = ['--production', String(apnsProduction.port), '--development', String(apnsDevelopment.port)];
  const args = ['--port', String(apns.port), ...hosts, '--data', dataDir];
  return supervisor.keep('apns', (signal) =>
    startNodeProcess({ name: 'apns', script: 'dev/apns-simulator.ts', args, dataDir, env, signal }),
  );
}

/** The worker; started when it has said that it takes tasks. */
export function keepWorker({ dataDir, supervisor }: Setting, env: NodeJS.ProcessEnv): Keeper<Running> {
  return supervisor.keep('worker', (signal) =>
    startNodeProcess({
      ...{ name: 'worker', script: 'worker/main.ts', nodeFlags: NODE_FLAGS.worker, dataDir, env, signal },
    }),
  );
}

/** Started when it listens: it may still wait for its database, and says so itself (`/readyz`). */
export function keepApi({ dataDir, ports, supervisor }: Setting, env: NodeJS.ProcessEnv): Keeper<Running> {
  const isReady = async (): Promise<boolean> => (await readinessStatusOf(loopbackUrl(ports.api.port))) > 0;
  return supervisor.keep('api', (signal) =>
    startNodeProcess({
      ...{ name: 'api', script: 'api/main.ts', nodeFlags: NODE_FLAGS.api, dataDir, env, signal, isReady },
    }),
  );
}

/** HTTP status that an API answers when it is asked whether it is ready; 0 while nobody answers. */
export async function readinessStatusOf(api: string): Promise<number> {
  try {
    const response = await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(PROBE_DEADLINE_MS) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0; // not listening yet, which is what is asked
  }
}
