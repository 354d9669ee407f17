import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import { v7 as newId } from 'uuid';
import { createKnex } from '../db/knex.ts';
import { keepApnsIdentity, settingsFor } from '../dev/apns-simulator/signing-key.ts';
import { childEnvironment } from '../dev/child-environment.ts';
import { createPortalApi, type PortalApi } from '../dev/cli/portal-api.ts';
import { pathsIn, prepareDataFolder } from '../dev/data-folder.ts';
import { DEMO } from '../dev/demo-data.ts';
import { prepareDatabase } from '../dev/demo-database.ts';
import { startPostgres } from '../dev/embedded-postgres.ts';
import { claimPort } from '../dev/free-port.ts';
import { loopbackUrl } from '../dev/loopback-server.ts';
import { startNodeProcess } from '../dev/node-process.ts';
import { readinessStatusOf } from '../dev/parts.ts';
import { startTemporal } from '../dev/temporal-server.ts';
import { keepTwilioAccount } from '../dev/twilio-simulator/twilio-account.ts';
import { waitUntil } from '../dev/wait-until.ts';
import { parseKeyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { withMovableClock } from './clock/with-movable-clock.ts';
import type { Disk } from './disk/disk.ts';
import { takeDisk } from './disk/take-disk.ts';
import type { Provider, Providers } from './providers.ts';
import { createVictim, type Victim } from './victims.ts';

/** Short lives, so that a run sees many ends; long enough to outlive most faults. */
export const TIME_TO_LIVE_SECONDS = 20;
export const MAX_RESENDS = 2;
export const PIN_LIMIT = 3;
export const SMS_CODE_LIMIT = 3;

/** The types of a run, by what they ask for. */
export const TYPES = {
  push: { name: 'faults-push', method: 'push' },
  pin: { name: 'faults-pin', method: 'push_with_pin' },
  otp: { name: 'faults-otp', method: 'otp' },
  sms: { name: 'faults-sms', method: 'sms' },
  fallback: { name: 'faults-fallback', method: 'push', fallback: 'sms' },
} as const;

const READY_DEADLINE_MS = 90_000;
const WEBHOOK_SECRET_COLUMN = 'callback_addresses.sealed_webhook_secret';
const PHONE_NUMBER_COLUMN = 'transactions.sealed_phone_number';
/** A portal that hangs should not hold a callback for most of a short run. */
export const CALLBACK_TIMEOUT_SECONDS = 5;

/** The whole product as processes of its own, each of which may be killed. */
export interface Stage {
  readonly apiUrl: string;
  readonly providers: Providers;
  readonly portal: PortalApi;
  readonly database: Knex;
  readonly temporal: Client;
  readonly victims: {
    readonly api: Victim;
    readonly workers: readonly [Victim, Victim];
    readonly postgres: Victim;
    readonly temporal: Victim;
  };
  readonly disk: Disk;
  readonly dataDir: string;
  /** The callbacks to this address are signed with this secret from now on. */
  signCallbacks(uri: string, secret: string): Promise<void>;
  /** The number of a transaction's SMS. */
  openPhoneNumber(transactionId: string, sealed: string): string;
  /** Starts what has ended by itself, and resolves when the API says that everything is in reach. */
  recover(): Promise<void>;
}

/** What is started goes into `closing`, also when this throws. */
export async function setStage(dataDir: string, closing: AsyncDisposableStack, signal: AbortSignal): Promise<Stage> {
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal });
  const disk = await takeDisk(dataDir, closing);
  prepareDataFolder(dataDir);
  const ports = {
    api: await claimPort(),
    fcm: await claimPort(),
    twilio: await claimPort(),
    apns: await claimPort(),
    apnsProduction: await claimPort(),
    apnsDevelopment: await claimPort(),
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
  const apiUrl = loopbackUrl(ports.api.port);
  const clientSecret = randomBytes(32).toString('base64url');
  const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  const env = childEnvironment(
    { PATH: process.env.PATH, CALLBACK_TIMEOUT_SECONDS: String(CALLBACK_TIMEOUT_SECONDS) },
    {
      databaseUrl,
      temporalAddress: `127.0.0.1:${ports.temporal.port}`,
      namespace: 'default',
      taskQueue: 'faults',
      encryptionKeys,
      apiPort: ports.api.port,
    },
  );
  const node = (name: string, script: string, args: readonly string[] = []) =>
    keep(name, () =>
      startNodeProcess({
        ...{ name, script, args, dataDir, signal },
        env: { ...env, ...withMovableClock(dataDir, name) },
      }),
    );

  const simulator = async (
    key: keyof Providers,
    { port } = ports[key],
    more: readonly string[] = [],
  ): Promise<Provider> => {
    const args = ['--port', String(ports[key].port), '--data', dataDir, ...more];
    return { url: loopbackUrl(ports[key].port), port, victim: await node(key, `dev/${key}-simulator.ts`, args) };
  };
  const [production, development] = [ports.apnsProduction.port, ports.apnsDevelopment.port];
  const hosts = ['--production', String(production), '--development', String(development)];
  const providers: Providers = {
    fcm: await simulator('fcm'),
    apns: await simulator('apns', ports.apnsProduction, hosts),
    twilio: await simulator('twilio'),
  };
  const serviceAccountJson = readFileSync(pathsIn(dataDir).serviceAccount, 'utf8');
  const apnsSettings = settingsFor(keepApnsIdentity(pathsIn(dataDir).apnsIdentity), {
    production: `https://127.0.0.1:${production}`,
    development: `https://127.0.0.1:${development}`,
  });
  const account = keepTwilioAccount(pathsIn(dataDir).twilioAccount);
  const keyring = parseKeyring(encryptionKeys);
  await prepareDatabase({
    connectionString: databaseUrl,
    isOurs: true,
    demoData: {
      clientSecret,
      fcm: { serviceAccountJson, endpoint: providers.fcm.url },
      twilio: { account, endpoint: providers.twilio.url },
      apnsSettings,
      keyring,
    },
  });
  const database = createKnex({ connectionString: databaseUrl, poolSize: 2, queryTimeoutMs: 30_000 });
  closing.defer(() => database.destroy());
  await database('authentication_types').insert(
    Object.values(TYPES).map((type) => ({
      ...type,
      time_to_live_seconds: TIME_TO_LIVE_SECONDS,
      max_resends: type.method === 'otp' ? 0 : MAX_RESENDS,
      max_attempts: SMS_CODE_LIMIT,
      default_messages: JSON.stringify({ en: type.method === 'sms' ? 'Your code is {code}.' : 'Is this you?' }),
    })),
  );
  // A few users are asked without end, and deny at random: what is looked for here is lost work.
  await database('general_settings').update({
    ...{ push_limits_enabled: false, sms_per_number_per_hour: 1_000, sms_per_client_per_hour: 1_000_000 },
    sms_per_day: 10_000_000,
  });
  await database('applications').where({ id: DEMO.applicationId }).update({ pin_max_attempts: PIN_LIMIT });

  const connection = Connection.lazy({ address: `127.0.0.1:${ports.temporal.port}` });
  closing.defer(() => connection.close());

  const workers = [await node('worker-1', 'worker/main.ts'), await node('worker-2', 'worker/main.ts')] as const;
  const api = await node('api', 'api/main.ts');
  const victims = { postgres, temporal, workers, api } as const;
  async function isReady(): Promise<boolean> {
    // In the order in which they need each other; one may end while it is waited for another.
    const simulated = Object.values(providers).map(({ victim }: Provider) => victim);
    for (const victim of [...simulated, ...Object.values(victims).flat()]) await victim.reviveIfGone();
    return (await readinessStatusOf(apiUrl)) === 200;
  }
  const recover = () => waitUntil(isReady, { what: 'the API, to get ready,', withinMs: READY_DEADLINE_MS, signal });
  await recover();
  const portal = createPortalApi(apiUrl, { id: DEMO.clientId, secret: clientSecret });
  return {
    ...{ apiUrl, providers, portal, database, disk, dataDir, victims, recover },
    temporal: new Client({ connection }),
    async signCallbacks(url, secret) {
      const id = newId();
      const sealed_webhook_secret = seal(keyring, WEBHOOK_SECRET_COLUMN, id, secret);
      await database('callback_addresses').insert({ id, name: 'faults', url, sealed_webhook_secret });
    },
    openPhoneNumber: (transactionId, sealed) => unseal(keyring, PHONE_NUMBER_COLUMN, transactionId, sealed),
  };
}
