import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { loadDemoData } from '../../dev/demo-data.ts';
import { type FcmSimulator, startFcmSimulator } from '../../dev/fcm-simulator.ts';
import { claimPort } from '../../dev/free-port.ts';
import { startTwilioSimulator, type TwilioSimulator } from '../../dev/twilio-simulator.ts';
import { loadApiConfig } from '../../runtime/config.ts';
import { type Keyring, parseKeyring } from '../../runtime/keyring.ts';
import { createTemporalClient } from '../../runtime/temporal.ts';
import { createDeviceClient, createMemoryStore, type DeviceClient, type DeviceStore } from '../../sdk/index.ts';
import { type CallbackReceiver, startCallbackReceiver } from './callback-receiver.ts';
import { startProcess, type TestProcess } from './child.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createPortal, type Portal } from './portal.ts';

export interface StackOptions {
  /** Added to the environment of both processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** `id:base64`; random where it does not matter. */
  readonly encryptionKeys?: string;
  /** A simulated Twilio too, with SMS switched on. */
  readonly withSms?: boolean;
  /** As an installation has it; else one user may be asked as often as a test likes. */
  readonly withPushLimits?: boolean;
  /** The demo bank and the virtual phone, `withSms`. */
  readonly withDemoPortal?: boolean;
  /** Servers of one's own, for tests that kill them. */
  readonly temporalAddress?: string;
  readonly databaseServerUrl?: string;
}

/** The whole product, as it runs: api and worker as processes, PostgreSQL, Temporal, a simulated FCM, a portal. */
export interface Stack {
  readonly apiUrl: string;
  /** Of both processes, for more of them. */
  readonly env: Readonly<Record<string, string>>;
  readonly database: TestDatabase;
  readonly keyring: Keyring;
  readonly fcm: FcmSimulator;
  /** Only `withSms`. */
  readonly twilio: TwilioSimulator | undefined;
  readonly portal: Portal;
  readonly callbacks: CallbackReceiver;
  readonly temporal: Client;
  api: TestProcess;
  worker: TestProcess;
  startWorker(): Promise<TestProcess>;
  /** Puts processes with this added to their environment in the place of those that run, one after the other. */
  rollOut(changes: Readonly<Record<string, string>>): Promise<void>;
  /** An enrolled phone with the demo app. */
  enrolPhone(userId: string): Promise<Phone>;
  /** Begins a push for this phone; throws when that is refused. */
  begin(phone: Phone, form?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

export interface Phone {
  readonly userId: string;
  readonly deviceId: string;
  readonly pushToken: string;
  readonly client: DeviceClient;
  readonly store: DeviceStore;
}

/** Nothing is left running where a part of it does not start. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const closing = new AsyncDisposableStack();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function start(options: StackOptions, closing: AsyncDisposableStack): Promise<Stack> {
  const database = await createTestDatabase(options.databaseServerUrl);
  closing.defer(() => database.drop());
  const fcm = await startFcmSimulator();
  closing.defer(() => fcm.stop());
  const twilio = options.withSms ? await startTwilioSimulator() : undefined;
  closing.defer(() => twilio?.stop());
  const callbacks = await startCallbackReceiver();
  closing.defer(() => callbacks.close());
  const keyText = options.encryptionKeys ?? `k1:${randomBytes(32).toString('base64')}`;
  const keyring = parseKeyring(keyText);
  const clientSecret = randomBytes(32).toString('base64url');
  await loadDemoData(database.knex, {
    clientSecret,
    keyring,
    fcm: { serviceAccountJson: JSON.stringify(fcm.serviceAccount), endpoint: fcm.url },
    ...(twilio && { twilio: { account: twilio.account, endpoint: twilio.url } }),
  });
  await database.knex('general_settings').update({ push_limits_enabled: options.withPushLimits ?? false });

  const claim = await claimPort();
  const apiUrl = `http://127.0.0.1:${claim.port}`;
  const env: Record<string, string> = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: options.temporalAddress ?? (process.env.TEST_TEMPORAL_ADDRESS as string),
    TEMPORAL_TASK_QUEUE: `test-${randomBytes(6).toString('hex')}`,
    ENCRYPTION_KEYS: keyText,
    PUBLIC_URL: apiUrl,
    API_PORT: String(claim.port),
    CALLBACK_ALLOWED_NETWORKS: '127.0.0.0/8',
    ...(options.withDemoPortal && {
      DEMO_PORTAL: 'true',
      DEMO_PORTAL_CLIENT_ID: 'demo-portal',
      DEMO_PORTAL_CLIENT_SECRET: clientSecret,
      DEMO_PORTAL_FCM_URL: fcm.url,
      DEMO_PORTAL_SMS_URL: twilio?.url as string,
    }),
    ...options.env,
  };
  const startWorker = (): Promise<TestProcess> => startProcess('worker/main.ts', env);
  const portal = createPortal(apiUrl, { id: 'demo-portal', secret: clientSecret });
  const temporal = createTemporalClient(loadApiConfig(env));
  closing.defer(() => temporal.connection.close());
  const starting = [startProcess('api/main.ts', env), startWorker()] as const;
  const parts = await Promise.allSettled(starting);
  await claim.release();
  const fault = parts.find((part) => part.status === 'rejected');
  if (fault) {
    await Promise.all(parts.map((part) => part.status === 'fulfilled' && part.value.stop()));
    throw fault.reason;
  }
  const [api, worker] = await Promise.all(starting);

  const stack: Stack = {
    apiUrl,
    env,
    database,
    keyring,
    fcm,
    twilio,
    portal,
    callbacks,
    temporal,
    api,
    worker,
    async startWorker() {
      stack.worker = await startWorker();
      return stack.worker;
    },
    async rollOut(changes) {
      Object.assign(env, changes);
      const { worker: before } = stack;
      await stack.startWorker();
      await before.stop();
      await stack.api.stop();
      stack.api = await startProcess('api/main.ts', env);
    },
    async enrolPhone(userId) {
      const ticket = await portal.ticket(userId);
      const minted = await fetch(`${fcm.url}/simulator/registrations`, { method: 'POST' });
      const { token: pushToken } = (await minted.json()) as { token: string };
      const store = createMemoryStore();
      const client = createDeviceClient({ serverUrl: apiUrl, store });
      const device = { name: `Phone of ${userId}`, platform: 'android' } as const;
      await client.enrol({ ticket: ticket.body, device, pushToken });
      const deviceId = (await store.load())?.deviceId as string;
      return { userId, deviceId, pushToken, client, store };
    },
    async begin(phone, form = {}) {
      const reply = await portal.begin({
        type: 'push',
        user_id: phone.userId,
        device_id: phone.deviceId,
        callback_uri: callbacks.url,
        message: 'Log in?',
        ...form,
      });
      if (reply.status !== 200) throw new Error(`begin was refused: ${JSON.stringify(reply.body)}`);
      return reply.body.transaction_id;
    },
    stop: () => closing.disposeAsync(),
  };
  closing.defer(async () => void (await Promise.all([stack.api.stop(), stack.worker.stop()])));
  return stack;
}
