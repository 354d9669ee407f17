import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { type App, cert, deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { makeServerCertificate } from '../../dev/certificates/loopback-certificates.ts';
import { type FcmSimulator, startFcmSimulator } from '../../dev/fcm-simulator.ts';

/**
 * Google's own SDK, unchanged and with nothing of ours: it speaks TLS to Google's names and gets its own access tokens.
 * Only the connections lead to this machine.
 */
const certificate = makeServerCertificate(['fcm.googleapis.com', 'oauth2.googleapis.com']);
let simulator: FcmSimulator;
let folder: string;
let agent: Agent;
let app: App;

beforeAll(async () => {
  simulator = await startFcmSimulator({ certificate });
  folder = mkdtempSync(join(tmpdir(), 'countersign-firebase-'));
  const keyFile = join(folder, 'service-account.json');
  const account = { ...simulator.serviceAccount, token_uri: 'https://oauth2.googleapis.com/token' };
  writeFileSync(keyFile, JSON.stringify(account));
  agent = new Agent({ keepAlive: true });
  agent.createConnection = (options) => {
    const { host } = options;
    const target = { host: '127.0.0.1', port: simulator.securePort as number, ca: certificate.authority };
    return connect({ ...(options as ConnectionOptions), ...target, servername: host as string });
  };
  app = initializeApp({ credential: cert(keyFile, agent), httpAgent: agent }, 'independent');
});

afterAll(async () => {
  await deleteApp(app);
  agent.destroy();
  await simulator.stop();
  rmSync(folder, { recursive: true });
});

const call = (method: string, path: string, body?: unknown) =>
  fetch(`${simulator.url}/simulator${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });

async function register(): Promise<string> {
  return ((await (await call('POST', '/registrations')).json()) as { token: string }).token;
}

it('sends a message that arrives as it was meant', async () => {
  const token = await register();
  const name = await getMessaging(app).send({
    token,
    notification: { title: 'Hello', body: 'World' },
    data: { story: '1' },
    android: { priority: 'high', ttl: 90_000, collapseKey: 'news' },
  });
  expect(name).toMatch(/^projects\/countersign-demo\/messages\/./);
  const arrived = await call('GET', `/pushes?token=${encodeURIComponent(token)}`);
  expect(await arrived.json()).toMatchObject({
    pushes: [
      {
        message: {
          token,
          notification: { title: 'Hello', body: 'World' },
          data: { story: '1' },
          android: { priority: 'high', ttl: '90s', collapse_key: 'news' },
        },
      },
    ],
  });
});

it('has a message checked without sending it, to a phone and to a topic', async () => {
  const token = await register();
  await expect(getMessaging(app).send({ token }, true)).resolves.toMatch(/fake_message_id$/);
  await expect(getMessaging(app).send({ topic: 'news' }, true)).resolves.toMatch(/fake_message_id$/);
  const arrived = await call('GET', `/pushes?token=${encodeURIComponent(token)}`);
  expect(await arrived.json()).toStrictEqual({ pushes: [] });
});

it.each([
  ['UNREGISTERED', 'messaging/registration-token-not-registered', 404],
  ['INVALID_ARGUMENT', 'messaging/invalid-argument', 400],
  ['SENDER_ID_MISMATCH', 'messaging/mismatched-credential', 403],
  ['QUOTA_EXCEEDED', 'messaging/message-rate-exceeded', 429],
  ['INTERNAL', 'messaging/internal-error', 500],
  ['THIRD_PARTY_AUTH_ERROR', 'messaging/third-party-auth-error', 401],
])('understands the refusal %s as %s', async (reply, code, status) => {
  const token = await register();
  await call('PUT', '/behaviour', { token, reply, next: 1 });
  await expect(getMessaging(app).send({ token })).rejects.toMatchObject({ code, httpResponse: { status } });
});

it('tries again by itself after 503, as it does with the real service', async () => {
  const token = await register();
  await call('PUT', '/behaviour', { token, reply: 'UNAVAILABLE', retryAfterSeconds: 0, next: 1 });
  await expect(getMessaging(app).send({ token })).resolves.toMatch(/messages\/0:/);
});

it('is refused a token that is none, and an app that was removed', async () => {
  const token = await register();
  await call('DELETE', `/registrations/${encodeURIComponent(token)}`);
  await expect(getMessaging(app).send({ token })).rejects.toMatchObject({
    code: 'messaging/registration-token-not-registered',
  });
  await expect(getMessaging(app).send({ token: 'not-a-token' })).rejects.toMatchObject({
    code: 'messaging/invalid-argument',
  });
});
