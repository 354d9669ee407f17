import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { createKnex } from '../db/knex.ts';
import { childEnvironment } from '../dev/child-environment.ts';
import { createPortalApi, type PortalApi } from '../dev/cli/portal-api.ts';
import { pathsIn } from '../dev/data-folder.ts';
import { DEMO } from '../dev/demo-data.ts';
import { prepareDatabase } from '../dev/demo-database.ts';
import { startPostgres } from '../dev/embedded-postgres.ts';
import { claimPort } from '../dev/free-port.ts';
import { loopbackUrl } from '../dev/loopback-server.ts';
import { startNodeProcess, WORKER_NODE_FLAGS } from '../dev/node-process.ts';
import { readinessStatusOf } from '../dev/parts.ts';
import { startTemporal } from '../dev/temporal-server.ts';
import { waitUntil } from '../dev/wait-until.ts';
import { parseKeyring } from '../runtime/keyring.ts';
import { createVictim, type Victim } from './victims.ts';

/** Short lives, so that a run sees many ends; long enough to outlive most faults. */
export const TIME_TO_LIVE_SECONDS = 20;
export const MAX_RESENDS = 2;
export const PIN_LIMIT = 3;

/** The types of a run, by what they ask for. */
export const TYPES = {
  push: { name: 'faults-push', method: 'push' },
  pin: { name: 'faults-pin', method: 'push_with_pin' },
  otp: { name: 'faults-otp', method: 'otp' },
} as const;

const READY_DEADLINE_MS = 60_000;

/** The whole product as processes of its own, each of which may be killed. */
export interface Stage {
  readonly apiUrl: string;
  readonly fcmUrl: string;
  readonly portal: PortalApi;
  readonly database: Knex;
  readonly victims: {
    readonly api: Victim;
    readonly workers: readonly [Victim, Victim];
    readonly postgres: Victim;
    readonly temporal: Victim;
  };
  /** Resolves when the API says that everything is in reach. */
  untilReady(): Promise<void>;
}

/** What is started goes into `closing`, also when this throws. */
export async function setStage(dataDir: string, closing: AsyncDisposableStack, signal: AbortSignal): Promise<Stage> {
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal });
  const ports = {
    api: await claimPort(),
    fcm: await claimPort(),
    postgres: await claimPort(),
    temporal: await claimPort(),
  };
  for (const claim of Object.values(ports)) closing.defer(() => claim.release());
  const keep = async (name: string, start: Parameters<typeof createVictim>[1]): Promise<Victim> => {
    const victim = await createVictim(name, start, wait);
    closing.defer(() => victim.stop());
    return victim;
  };

  let databaseUrl = '';
  const postgres = await keep('PostgreSQL', async () => {
    const running = await startPostgres({ dataDir, port: ports.postgres.port, signal });
    databaseUrl = running.connectionString;
    return running;
  });
  const temporal = await keep('Temporal', () =>
    startTemporal({ dataDir, headless: true, port: ports.temporal.port, signal }),
  );
  const [apiUrl, fcmUrl] = [loopbackUrl(ports.api.port), loopbackUrl(ports.fcm.port)];
  const clientSecret = randomBytes(32).toString('base64url');
  const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  const env = childEnvironment(
    { PATH: process.env.PATH },
    {
      databaseUrl,
      temporalAddress: `127.0.0.1:${ports.temporal.port}`,
      namespace: 'default',
      taskQueue: 'faults',
      encryptionKeys,
      apiPort: ports.api.port,
    },
  );
  const node = (name: string, script: string, nodeFlags: readonly string[] = [], args: readonly string[] = []) =>
    keep(name, (more) =>
      startNodeProcess({ name, script, args, nodeFlags, dataDir, env: { ...env, ...more }, signal }),
    );

  await node('fcm', 'dev/fcm-simulator.ts', [], ['--port', String(ports.fcm.port), '--data', dataDir]);
  const serviceAccountJson = readFileSync(pathsIn(dataDir).serviceAccount, 'utf8');
  await prepareDatabase({
    connectionString: databaseUrl,
    isOurs: true,
    demoData: { clientSecret, fcm: { serviceAccountJson, endpoint: fcmUrl }, keyring: parseKeyring(encryptionKeys) },
  });
  const database = createKnex({ connectionString: databaseUrl, poolSize: 2, queryTimeoutMs: 30_000 });
  closing.defer(() => database.destroy());
  await database('authentication_types').insert(
    Object.values(TYPES).map((type) => ({
      ...type,
      time_to_live_seconds: TIME_TO_LIVE_SECONDS,
      max_resends: type.method === 'otp' ? 0 : MAX_RESENDS,
      default_messages: JSON.stringify({ en: 'Is this you?' }),
    })),
  );
  // A few users are asked without end, and deny at random: what is looked for here is lost work.
  await database('general_settings').update({ push_limits_enabled: false });
  await database('applications').where({ id: DEMO.applicationId }).update({ pin_max_attempts: PIN_LIMIT });

  const workers = [
    await node('worker-1', 'worker/main.ts', WORKER_NODE_FLAGS),
    await node('worker-2', 'worker/main.ts', WORKER_NODE_FLAGS),
  ] as const;
  const api = await node('api', 'api/main.ts');
  const untilReady = (): Promise<void> =>
    waitUntil(async () => (await readinessStatusOf(apiUrl)) === 200, {
      what: 'the API, to get ready,',
      withinMs: READY_DEADLINE_MS,
      signal,
    });
  await untilReady();
  const portal = createPortalApi(apiUrl, { id: DEMO.clientId, secret: clientSecret });
  return { apiUrl, fcmUrl, portal, database, victims: { api, workers, postgres, temporal }, untilReady };
}
