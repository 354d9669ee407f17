import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { z } from 'zod';
import type { ServerCertificate } from './certificates/loopback-certificates.ts';
import { pathsIn, prepareDataFolder } from './data-folder.ts';
import { type AccessTokens, createAccessTokens } from './fcm-simulator/access-tokens.ts';
import { type Behaviour, behaviourSchema } from './fcm-simulator/behaviours.ts';
import { sendGoogleError } from './fcm-simulator/google-error.ts';
import { createLegacyRoute } from './fcm-simulator/legacy-route.ts';
import { createRegistrations } from './fcm-simulator/registrations.ts';
import { createSendRoute } from './fcm-simulator/send-route.ts';
import { refuseForeignHosts } from './loopback-only.ts';
import { listenOnLoopback, loopbackUrl } from './loopback-server.ts';
import { createServiceAccount, keepServiceAccount, type ServiceAccount } from './service-account.ts';
import { createBehaviours } from './simulated/behaviours.ts';
import { createControlRoutes } from './simulated/control-routes.ts';
import { pageOf, type Shown } from './simulated/page.ts';
import { createPushLog, type Push } from './simulated/push-log.ts';
import { createRegistrationRoutes } from './simulated/registration-routes.ts';
import { runUntilEnded } from './simulated/run-until-ended.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

const SHOWN: Shown<Push> = {
  title: 'Simulated FCM',
  listPath: '/simulator/pushes',
  columns: {
    'push token': ({ message }) => message.token,
    data: ({ message }) => message.data,
    notification: ({ message }) => message.notification,
    options: ({ message: { token, data, notification, ...options } }) => options,
  },
};

/** Where it listens, and where it keeps its service account. */
export interface FcmSimulatorOptions {
  /** Port on loopback; without it any free one. */
  readonly port?: number;
  /** Folder that keeps the service account; without it a new one is made. */
  readonly dataDir?: string;
  /** With it the service listens by TLS too, under Google's names. */
  readonly certificate?: ServerCertificate;
  /** Port for that; without it any free one. */
  readonly securePort?: number;
}

/** A simulated service that listens. */
export interface FcmSimulator {
  /** Address, without a slash at its end: the `endpoint` of a push configuration. */
  readonly url: string;
  readonly port: number;
  /** The only account that may send. */
  readonly serviceAccount: ServiceAccount;
  /** The only key of the legacy interface (`/fcm/send`). */
  readonly serverKey: string;
  /** Where it listens by TLS; undefined where it does not. */
  readonly securePort: number | undefined;
  readonly pid: number;
  /** Cuts what is still open; resolves when the port is free again. */
  stop(): Promise<void>;
  /** The same as `stop`. */
  close(): Promise<void>;
}

/**
 * Firebase Cloud Messaging on loopback, as its HTTP v1 interface shows itself to a sender: OAuth 2 access tokens for a
 * signed assertion, checks of every message, errors in Google's form; and the legacy interface before v1. `/simulator` is
 * for the other end: it gives registrations, lists what arrived, and makes the service fail on demand; `/` is a page of
 * what arrived, for people. Throws when the port is taken.
 */
export async function startFcmSimulator({
  port = 0,
  dataDir,
  certificate,
  securePort: wantedSecurePort = 0,
}: FcmSimulatorOptions = {}): Promise<FcmSimulator> {
  const app = express();
  const server = await listenOnLoopback(app, port);
  const url = loopbackUrl(server.port);
  const tokenUri = `${url}/token`;
  if (dataDir !== undefined) prepareDataFolder(dataDir);
  const serviceAccount =
    dataDir === undefined
      ? await createServiceAccount(tokenUri)
      : await keepServiceAccount(pathsIn(dataDir).serviceAccount, tokenUri);
  const serverKey = serverKeyOf(serviceAccount);
  addRoutes(app, serviceAccount, serverKey, server.port);
  const secure =
    certificate &&
    (await listenOnLoopback(app, wantedSecurePort, { key: certificate.privateKey, cert: certificate.certificate }));
  const stop = async (): Promise<void> => {
    await Promise.all([server.close(), secure?.close()]);
  };
  const { port: securePort } = secure ?? { port: undefined };
  return {
    ...{ url, port: server.port, securePort, serviceAccount, serverKey },
    ...{ pid: process.pid, stop, close: stop },
  };
}

/** Made from the account's key, so that it is kept with it. */
function serverKeyOf({ private_key }: ServiceAccount): string {
  return `AAAA${Buffer.from(hkdfSync('sha256', private_key, '', 'server-key', 96)).toString('base64url')}`;
}

function addRoutes(app: Express, serviceAccount: ServiceAccount, serverKey: string, port: number): void {
  const accessTokens = createAccessTokens(serviceAccount);
  const registrations = createRegistrations();
  const behaviours = createBehaviours<Behaviour>(({ token }) => token);
  const pushes = createPushLog();
  app.disable('x-powered-by');
  const onlyLoopback = refuseForeignHosts(() => port);
  app.use((request, response, next) => (isNameByTls(request) ? next() : onlyLoopback(request, response, next)));
  app.post(
    '/token',
    express.urlencoded({ extended: false, limit: BODY_LIMIT_BYTES }),
    tokenRoute(accessTokens, serviceAccount),
  );
  app.use(express.json({ limit: BODY_LIMIT_BYTES, type: () => true }));
  app.post(
    '/v1/projects/:project/messages\\:send',
    createSendRoute({ projectId: serviceAccount.project_id, accessTokens, registrations, behaviours, pushes }),
  );
  app.post('/fcm/send', createLegacyRoute({ serverKey, registrations, behaviours, pushes }));
  app.get('/', (_request, response) => {
    response.type('html').send(pageOf(SHOWN, pushes));
  });
  app.use(
    '/simulator',
    createRegistrationRoutes({
      registrationSchema: z.unknown(),
      register: () => registrations.mint(),
      unregister: (token) => registrations.unregister(token),
    }),
    createControlRoutes({ behaviourSchema, behaviours, log: pushes, listName: 'pushes', recipientName: 'token' }),
  );
  app.use((request, response) => {
    const message = `The requested URL ${request.path} was not found on this server.`;
    sendGoogleError(response, { code: 404, status: 'NOT_FOUND', message });
  });
  app.use(onError);
}

const TOKEN_HOST = 'oauth2.googleapis.com';

/** By TLS, and with our certificate, it answers for Google's names too: no web page is given that certificate. */
function isNameByTls({ secure, hostname }: express.Request): boolean {
  return secure && ['127.0.0.1', 'fcm.googleapis.com', TOKEN_HOST].includes(hostname);
}

function tokenRoute(accessTokens: AccessTokens, { token_uri }: ServiceAccount): express.RequestHandler {
  return async (request, response) => {
    const form = (request.body ?? {}) as { grant_type?: unknown; assertion?: unknown };
    const audience = request.secure && request.hostname === TOKEN_HOST ? `https://${TOKEN_HOST}/token` : token_uri;
    const reply = await accessTokens.exchange(form.grant_type, form.assertion, audience);
    response.status(reply.ok ? 200 : 400).json(reply.body);
  };
}

/** A body that is no JSON, or too large, is the sender's fault; anything else is ours and is shown in the log. */
const onError: ErrorRequestHandler = (error: { status?: number; message?: string }, _request, response, _next) => {
  const code = error.status !== undefined && error.status < 500 ? 400 : 500;
  if (code === 500) console.error(error);
  sendGoogleError(
    response,
    code === 400
      ? { code, status: 'INVALID_ARGUMENT', message: `Invalid JSON payload received. ${error.message}` }
      : { code, status: 'INTERNAL', message: 'Internal error encountered.' },
  );
};

/**
 * `node dev/fcm-simulator.ts --port 8090 --data .data`: runs until a signal, or until its parent is gone. By TLS too with
 * `--certificate FILE`, a {@link ServerCertificate} as JSON, and `--secure-port`.
 */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { port: text, data: text, certificate: text, 'secure-port': text } });
  const simulator = await startFcmSimulator({
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.data !== undefined && { dataDir: values.data }),
    ...(values.certificate !== undefined && { certificate: JSON.parse(readFileSync(values.certificate, 'utf8')) }),
    ...(values['secure-port'] !== undefined && { securePort: Number(values['secure-port']) }),
  });
  runUntilEnded(simulator, `simulated FCM listens on ${simulator.url}`);
}

if (import.meta.main) await main();
