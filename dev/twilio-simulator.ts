import { parseArgs } from 'node:util';
import express, { type Express } from 'express';
import { pathsIn, prepareDataFolder } from './data-folder.ts';
import { refuseForeignHosts } from './loopback-only.ts';
import { listenOnLoopback, loopbackUrl } from './loopback-server.ts';
import { createBehaviours } from './simulated/behaviours.ts';
import { createControlRoutes } from './simulated/control-routes.ts';
import { pageOf } from './simulated/page.ts';
import { runUntilEnded } from './simulated/run-until-ended.ts';
import { shownSms } from './simulated/shown-sms.ts';
import { createSmsOutbox } from './simulated/sms-outbox.ts';
import { type Behaviour, behaviourSchema } from './twilio-simulator/behaviours.ts';
import type { TwilioSms } from './twilio-simulator/message-resource.ts';
import { createMessageRoute, createMessagesRoute } from './twilio-simulator/messages-route.ts';
import { createStatusCallbacks, type StatusCallbacks } from './twilio-simulator/status-callbacks.ts';
import { createTwilioAccount, keepTwilioAccount, type TwilioAccount } from './twilio-simulator/twilio-account.ts';
import { sendTwilioError } from './twilio-simulator/twilio-error.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** Where it listens, and where it keeps its account. */
export interface TwilioSimulatorOptions {
  /** Port on loopback; without it any free one. */
  readonly port?: number;
  /** Folder that keeps the account; without it a new one is made. */
  readonly dataDir?: string;
}

/** A simulated service that listens. */
export interface TwilioSimulator {
  /** Address, without a slash at its end: the `endpoint` of a gateway of the kind `twilio`. */
  readonly url: string;
  readonly port: number;
  /** The only account that may send. */
  readonly account: TwilioAccount;
  /** Resolves when nothing is being reported. */
  settled(): Promise<void>;
  /** Cuts what is still open; resolves when the port is free again. */
  stop(): Promise<void>;
}

/**
 * Twilio's Programmable Messaging on loopback, as it shows itself to a sender: Basic authentication, checks of every
 * message, errors in Twilio's form, and signed reports of what became of it. `/` shows what was sent; `/simulator` lists it
 * and makes the service fail on demand. Throws when the port is taken.
 */
export async function startTwilioSimulator({
  port = 0,
  dataDir,
}: TwilioSimulatorOptions = {}): Promise<TwilioSimulator> {
  if (dataDir !== undefined) prepareDataFolder(dataDir);
  const account = dataDir === undefined ? createTwilioAccount() : keepTwilioAccount(pathsIn(dataDir).twilioAccount);
  const callbacks = createStatusCallbacks(account);
  const app = express();
  const server = await listenOnLoopback(app, port);
  addRoutes(app, account, callbacks, server.port);
  return {
    url: loopbackUrl(server.port),
    port: server.port,
    account,
    settled: () => callbacks.settled(),
    stop: () => server.close(),
  };
}

function addRoutes(app: Express, account: TwilioAccount, callbacks: StatusCallbacks, port: number): void {
  const outbox = createSmsOutbox<TwilioSms>();
  const behaviours = createBehaviours<Behaviour>(({ to }) => to);
  const dependencies = { account, outbox, behaviours, callbacks };
  app.disable('x-powered-by');
  app.use(refuseForeignHosts(() => port));
  app.use(express.urlencoded({ extended: false, limit: BODY_LIMIT_BYTES }), express.json({ limit: BODY_LIMIT_BYTES }));
  app.post('/2010-04-01/Accounts/:accountSid/Messages.json', createMessagesRoute(dependencies));
  app.get('/2010-04-01/Accounts/:accountSid/Messages/:messageSid.json', createMessageRoute(dependencies));
  app.get('/', (_request, response) => {
    response.type('html').send(pageOf(shownSms('Simulated Twilio'), outbox));
  });
  app.use(
    '/simulator',
    createControlRoutes({ behaviourSchema, behaviours, log: outbox, listName: 'messages', recipientName: 'to' }),
  );
  app.use((_request, response) => sendTwilioError(response, 20404));
}

/** `node dev/twilio-simulator.ts --port 8092 --data .data`: runs until a signal, or until its parent is gone. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } });
  const simulator = await startTwilioSimulator({
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.data !== undefined && { dataDir: values.data }),
  });
  runUntilEnded(simulator, `simulated Twilio listens on ${simulator.url}`);
}

if (import.meta.main) await main();
