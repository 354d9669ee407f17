import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { type ConnectionOptions, connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { cert, deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging, type Message } from 'firebase-admin/messaging';
import { createFcmHttpV1Client } from '../../activities/adapters/fcm-http-v1.ts';
import type { PushMessage } from '../../activities/ports.ts';
import { makeServerCertificate } from '../../dev/certificates/loopback-certificates.ts';
import { pathsIn } from '../../dev/data-folder.ts';
import { claimPort } from '../../dev/free-port.ts';
import { loopbackUrl } from '../../dev/loopback-server.ts';
import { startNodeProcess } from '../../dev/node-process.ts';
import type { PushContender, PushSetting } from './contender.ts';
import { pushTo } from './push-to.ts';

const TIMEOUT_MS = 10_000;
const HOSTS = ['127.0.0.1', 'fcm.googleapis.com', 'oauth2.googleapis.com'];

/** Ours, and Google's SDK; both by TLS, each with connections as it makes them by itself, and the same push. */
export const FCM_CONTENDERS: readonly PushContender[] = [
  {
    name: 'FCM, ours',
    async prepare(setting) {
      const { securePort, serviceAccount, token, authority } = await startSimulator(setting);
      const trusted = getCACertificates('default');
      setDefaultCACertificates([...trusted, authority]);
      setting.closing.defer(() => setDefaultCACertificates(trusted));
      const settings = JSON.stringify({ serviceAccount, endpoint: `https://127.0.0.1:${securePort}` });
      const client = createFcmHttpV1Client(settings, { timeoutMs: TIMEOUT_MS });
      setting.closing.defer(() => client.close());
      const push = pushTo(token);
      return async () => {
        const receipt = await client.send(push, { withinMs: TIMEOUT_MS, onFreshConnection: false });
        if (!receipt.ok) throw new Error(`the push was not taken: ${receipt.providerCode}`);
      };
    },
  },
  {
    name: 'FCM, firebase-admin',
    async prepare(setting) {
      const { securePort, serviceAccount, token, authority } = await startSimulator(setting);
      const keyFile = join(setting.dataDir, 'google-account.json');
      writeFileSync(keyFile, JSON.stringify({ ...serviceAccount, token_uri: 'https://oauth2.googleapis.com/token' }));
      const agent = new Agent({ keepAlive: true });
      agent.createConnection = (options) => {
        const target = { host: '127.0.0.1', port: securePort, ca: authority, servername: options.host as string };
        return connect({ ...(options as ConnectionOptions), ...target });
      };
      setting.closing.defer(() => agent.destroy());
      const app = initializeApp({ credential: cert(keyFile, agent), httpAgent: agent }, setting.dataDir);
      setting.closing.defer(() => deleteApp(app));
      const message = messageLike(pushTo(token));
      return async () => {
        await getMessaging(app).send(message);
      };
    },
  },
];

interface Simulator {
  readonly securePort: number;
  readonly serviceAccount: Readonly<Record<string, string>>;
  readonly token: string;
  /** PEM; what senders must trust. */
  readonly authority: string;
}

async function startSimulator({ dataDir, closing, signal }: PushSetting): Promise<Simulator> {
  const certificate = makeServerCertificate(HOSTS);
  const certificateFile = join(dataDir, 'certificate.json');
  writeFileSync(certificateFile, JSON.stringify(certificate));
  const [plain, secure] = [await claimPort(), await claimPort()];
  for (const claim of [plain, secure]) closing.defer(() => claim.release());
  const simulator = await startNodeProcess({
    ...{ name: 'push-simulator', script: 'dev/fcm-simulator.ts', dataDir, env: process.env, signal },
    args: [
      '--port',
      String(plain.port),
      '--data',
      dataDir,
      '--certificate',
      certificateFile,
      '--secure-port',
      String(secure.port),
    ],
  });
  closing.defer(() => simulator.stop());
  const registered = await fetch(`${loopbackUrl(plain.port)}/simulator/registrations`, { method: 'POST', signal });
  const { token } = (await registered.json()) as { token: string };
  const serviceAccount = JSON.parse(readFileSync(pathsIn(dataDir).serviceAccount, 'utf8'));
  return { securePort: secure.port, serviceAccount, token, authority: certificate.authority };
}

/** What our client makes of the same push. */
function messageLike({ pushToken, transactionId, userId, message, sentAtMs, timeToLiveSeconds }: PushMessage): Message {
  const content = JSON.stringify({
    og_transaction_id: transactionId,
    og_profile_id: userId,
    og_message: message,
    timestamp: sentAtMs,
    timeToLiveSeconds,
  });
  return { token: pushToken, data: { content }, android: { priority: 'high', ttl: timeToLiveSeconds * 1_000 } };
}
