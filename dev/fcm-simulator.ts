import { parseArgs } from 'node:util';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { pathsIn, prepareDataFolder } from './data-folder.ts';
import { type AccessTokens, createAccessTokens } from './fcm-simulator/access-tokens.ts';
import { createBehaviours } from './fcm-simulator/behaviours.ts';
import { createControlRoutes } from './fcm-simulator/control-routes.ts';
import { sendGoogleError } from './fcm-simulator/google-error.ts';
import { createPushLog } from './fcm-simulator/push-log.ts';
import { createRegistrations } from './fcm-simulator/registrations.ts';
import { createSendRoute } from './fcm-simulator/send-route.ts';
import { refuseForeignHosts } from './loopback-only.ts';
import { listenOnLoopback, loopbackUrl } from './loopback-server.ts';
import { createServiceAccount, keepServiceAccount, type ServiceAccount } from './service-account.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** Where it listens, and where it keeps its service account. */
export interface FcmSimulatorOptions {
  /** Port on loopback; without it any free one. */
  readonly port?: number;
  /** Folder that keeps the service account; without it a new one is made. */
  readonly dataDir?: string;
}

/** A simulated service that listens. */
export interface FcmSimulator {
  /** Address, without a slash at its end: the `endpoint` of a push configuration. */
  readonly url: string;
  readonly port: number;
  /** The only account that may send. */
  readonly serviceAccount: ServiceAccount;
  readonly pid: number;
  /** Cuts what is still open; resolves when the port is free again. */
  stop(): Promise<void>;
  /** The same as `stop`. */
  close(): Promise<void>;
}

/**
 * Firebase Cloud Messaging on loopback, as its HTTP v1 interface shows itself to a sender: OAuth 2 access tokens for a
 * signed assertion, checks of every message, errors in Google's form. `/simulator` is for the other end: it gives
 * registrations, lists what arrived, and makes the service fail on demand. Throws when the port is taken.
 */
export async function startFcmSimulator({ port = 0, dataDir }: FcmSimulatorOptions = {}): Promise<FcmSimulator> {
  const app = express();
  const server = await listenOnLoopback(app, port);
  const url = loopbackUrl(server.port);
  const tokenUri = `${url}/token`;
  if (dataDir !== undefined) prepareDataFolder(dataDir);
  const serviceAccount =
    dataDir === undefined
      ? await createServiceAccount(tokenUri)
      : await keepServiceAccount(pathsIn(dataDir).serviceAccount, tokenUri);
  addRoutes(app, serviceAccount, server.port);
  const stop = (): Promise<void> => server.close();
  return { url, port: server.port, serviceAccount, pid: process.pid, stop, close: stop };
}

function addRoutes(app: Express, serviceAccount: ServiceAccount, port: number): void {
  const accessTokens = createAccessTokens(serviceAccount);
  const registrations = createRegistrations();
  const behaviours = createBehaviours();
  const pushes = createPushLog();
  app.disable('x-powered-by');
  app.use(refuseForeignHosts(() => port));
  app.post('/token', express.urlencoded({ extended: false, limit: BODY_LIMIT_BYTES }), tokenRoute(accessTokens));
  app.use(express.json({ limit: BODY_LIMIT_BYTES, type: () => true }));
  app.post(
    '/v1/projects/:project/messages\\:send',
    createSendRoute({ projectId: serviceAccount.project_id, accessTokens, registrations, behaviours, pushes }),
  );
  app.use('/simulator', createControlRoutes({ registrations, behaviours, pushes }));
  app.use((request, response) => {
    const message = `The requested URL ${request.path} was not found on this server.`;
    sendGoogleError(response, { code: 404, status: 'NOT_FOUND', message });
  });
  app.use(onError);
}

function tokenRoute(accessTokens: AccessTokens): express.RequestHandler {
  return async (request, response) => {
    const form = (request.body ?? {}) as { grant_type?: unknown; assertion?: unknown };
    const reply = await accessTokens.exchange(form.grant_type, form.assertion);
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

/** `node dev/fcm-simulator.ts --port 8090 --data .data`: runs until a signal, or until its parent is gone. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } });
  const simulator = await startFcmSimulator({
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.data !== undefined && { dataDir: values.data }),
  });
  const end = (): void => {
    void simulator.stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  process.once('disconnect', end);
  console.log(`simulated FCM listens on ${simulator.url}`);
  if (process.connected) process.send?.({ ready: true });
  else if (process.send) end(); // the parent went before anyone listened for it
}

if (import.meta.main) await main();
