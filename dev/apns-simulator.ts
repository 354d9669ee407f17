import { parseArgs } from 'node:util';
import express from 'express';
import { type Behaviour, behaviourSchema } from './apns-simulator/behaviours.ts';
import { type ApnsEnvironment, createDevices, registrationSchema } from './apns-simulator/devices.ts';
import { createProviderTokens, type ProviderTokens } from './apns-simulator/provider-tokens.ts';
import { type PushServer, startPushServer } from './apns-simulator/push-server.ts';
import { createApnsIdentity, keepApnsIdentity, type SigningKey, settingsFor } from './apns-simulator/signing-key.ts';
import { pathsIn, prepareDataFolder } from './data-folder.ts';
import { refuseForeignHosts } from './loopback-only.ts';
import { listenOnLoopback, loopbackUrl } from './loopback-server.ts';
import { createBehaviours } from './simulated/behaviours.ts';
import { createControlRoutes } from './simulated/control-routes.ts';
import { pageOf, type Shown } from './simulated/page.ts';
import { createPushLog, type Push } from './simulated/push-log.ts';
import { createRegistrationRoutes } from './simulated/registration-routes.ts';
import { runUntilEnded } from './simulated/run-until-ended.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

const SHOWN: Shown<Push> = {
  title: 'Simulated APNs',
  listPath: '/simulator/pushes',
  columns: {
    topic: ({ message }) => message.topic,
    environment: ({ message }) => message.environment,
    'device token': ({ message }) => message.token,
    headers: ({ message }) => message.headers,
    payload: ({ message }) => message.payload,
  },
};

/** Where it listens, and where it keeps what it is known by. */
export interface ApnsSimulatorOptions {
  /** Ports on loopback; without them any free ones. */
  readonly ports?: { readonly control: number; readonly production: number; readonly development: number };
  /** Folder that keeps key and certificate; without it new ones are made. */
  readonly dataDir?: string;
  /** Epoch ms; the clock of the machine by default. */
  readonly now?: () => number;
}

/** A simulated service that listens. */
export interface ApnsSimulator {
  /** Address of page and remote control, without a slash at its end. */
  readonly url: string;
  readonly production: PushServer;
  readonly development: PushServer;
  /** PEM; what senders must trust. */
  readonly authority: string;
  /** The team's key; `providerTokens` takes more of them. */
  readonly signingKey: SigningKey;
  readonly providerTokens: ProviderTokens;
  /** Settings of a push configuration that leads here. */
  readonly settings: string;
  /** Cuts what is still open; resolves when the ports are free again. */
  stop(): Promise<void>;
}

/**
 * Apple Push Notification service on loopback, as it shows itself to a sender with provider tokens: HTTP/2 over TLS, a host
 * for production and one for development, Apple's checks and reasons. `/simulator` at `url` is for the other end: it gives
 * device tokens, lists what arrived, and makes the service fail on demand. Throws when a port is taken.
 */
export async function startApnsSimulator(options: ApnsSimulatorOptions = {}): Promise<ApnsSimulator> {
  const { ports, dataDir, now = Date.now } = options;
  if (dataDir !== undefined) prepareDataFolder(dataDir);
  const identity = dataDir === undefined ? createApnsIdentity() : keepApnsIdentity(pathsIn(dataDir).apnsIdentity);
  const { signingKey, certificate } = identity;
  const providerTokens = createProviderTokens(now);
  providerTokens.register(signingKey);
  const shared = {
    devices: createDevices(),
    behaviours: createBehaviours<Behaviour>(({ token }) => token),
    pushes: createPushLog(),
  };
  const startHost = (environment: ApnsEnvironment): Promise<PushServer> =>
    startPushServer(certificate, ports?.[environment] ?? 0, { ...shared, environment, providerTokens });

  const app = express();
  const [control, production, development] = await Promise.all([
    listenOnLoopback(app, ports?.control ?? 0),
    startHost('production'),
    startHost('development'),
  ]);
  app.disable('x-powered-by');
  app.use(refuseForeignHosts(() => control.port));
  app.use(express.json({ limit: BODY_LIMIT_BYTES, type: () => true }));
  const { devices, behaviours, pushes } = shared;
  app.use(
    '/simulator',
    createRegistrationRoutes({
      registrationSchema,
      register: ({ topic, environment }) => devices.mint(topic, environment),
      unregister: (token) => devices.unregister(token, now()),
    }),
    createControlRoutes({ behaviourSchema, behaviours, log: pushes, listName: 'pushes', recipientName: 'token' }),
  );
  app.get('/', (_request, response) => {
    response.type('html').send(pageOf(SHOWN, pushes));
  });
  const endpoints = { production: production.url, development: development.url };
  return {
    url: loopbackUrl(control.port),
    production,
    development,
    authority: certificate.authority,
    signingKey,
    providerTokens,
    settings: settingsFor(identity, endpoints),
    async stop() {
      await Promise.all([control.close(), production.close(), development.close()]);
    },
  };
}

/** `node dev/apns-simulator.ts --port 8092 --production 8093 --development 8094 --data .data`: runs until a signal. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { port: text, production: text, development: text, data: text } });
  const simulator = await startApnsSimulator({
    ports: {
      control: Number(values.port ?? 0),
      production: Number(values.production ?? 0),
      development: Number(values.development ?? 0),
    },
    ...(values.data !== undefined && { dataDir: values.data }),
  });
  const { production, development } = simulator;
  runUntilEnded(
    simulator,
    `simulated APNs: ${simulator.url}, production ${production.url}, development ${development.url}`,
  );
}

if (import.meta.main) await main();
