import apn from '@parse/node-apn';
import { createApnsClient } from '../../activities/adapters/apns-client.ts';
import type { PushMessage } from '../../activities/ports.ts';
import { type ApnsIdentity, keepApnsIdentity, settingsFor } from '../../dev/apns-simulator/signing-key.ts';
import { pathsIn } from '../../dev/data-folder.ts';
import { claimPort } from '../../dev/free-port.ts';
import { startNodeProcess } from '../../dev/node-process.ts';
import type { PushContender, PushSetting } from './contender.ts';
import { PUSH_TOPIC, pushTo } from './push-to.ts';

const TIMEOUT_MS = 10_000;

/** Ours, and the most used library; each has one connection and the same push. */
export const APNS_CONTENDERS: readonly PushContender[] = [
  {
    name: 'APNs, ours',
    async prepare(setting) {
      const { identity, ports, token } = await startSimulator(setting);
      const endpoints = {
        production: `https://127.0.0.1:${ports.production}`,
        development: `https://127.0.0.1:${ports.development}`,
      };
      const client = createApnsClient(settingsFor(identity, endpoints), { timeoutMs: TIMEOUT_MS });
      setting.closing.defer(() => client.close());
      const push = pushTo(token);
      return async () => {
        const receipt = await client.send(push, { withinMs: TIMEOUT_MS, onFreshConnection: false });
        if (!receipt.ok) throw new Error(`the push was not taken: ${receipt.providerCode}`);
      };
    },
  },
  {
    name: 'APNs, @parse/node-apn',
    async prepare(setting) {
      const { identity, ports, token } = await startSimulator(setting);
      const { teamId, keyId, privateKey } = identity.signingKey;
      const options = {
        token: { teamId, keyId, key: Buffer.from(privateKey) },
        ...{ address: '127.0.0.1', port: ports.production, ca: identity.certificate.authority },
        ...{ production: true, requestTimeout: TIMEOUT_MS },
      };
      const provider = new apn.Provider(options as unknown as apn.ProviderOptions);
      setting.closing.defer(() => provider.shutdown());
      return async () => {
        const { failed } = await provider.send(notificationLike(pushTo(token)), token);
        if (failed.length > 0) throw new Error(`the push was not taken: ${JSON.stringify(failed[0])}`);
      };
    },
  },
];

interface Simulator {
  readonly identity: ApnsIdentity;
  readonly ports: { readonly production: number; readonly development: number };
  readonly token: string;
}

/** One for each contender: two senders with one key would take each other's provider tokens for too many. */
async function startSimulator({ dataDir, closing, signal }: PushSetting): Promise<Simulator> {
  const [control, production, development] = [await claimPort(), await claimPort(), await claimPort()];
  for (const claim of [control, production, development]) closing.defer(() => claim.release());
  const hosts = ['--production', String(production.port), '--development', String(development.port)];
  const simulator = await startNodeProcess({
    ...{ name: 'push-simulator', script: 'dev/apns-simulator.ts', dataDir, env: process.env, signal },
    args: ['--port', String(control.port), ...hosts, '--data', dataDir],
  });
  closing.defer(() => simulator.stop());
  const registered = await fetch(`http://127.0.0.1:${control.port}/simulator/registrations`, {
    method: 'POST',
    body: JSON.stringify({ topic: PUSH_TOPIC }),
    signal,
  });
  const { token } = (await registered.json()) as { token: string };
  const ports = { production: production.port, development: development.port };
  return { identity: keepApnsIdentity(pathsIn(dataDir).apnsIdentity), ports, token };
}

/** What our client makes of the same push. */
function notificationLike({ message, transactionId, userId, sentAtMs, expiresAtMs }: PushMessage): apn.Notification {
  const notification = new apn.Notification({
    alert: { body: message },
    sound: 'default',
    topic: PUSH_TOPIC,
    pushType: 'alert',
    priority: 10,
    expiry: Math.floor(expiresAtMs / 1_000),
    id: transactionId,
  });
  notification.payload = {
    og_transaction_id: transactionId,
    og_profile_id: userId,
    og_message: message,
    timestamp: sentAtMs,
    timeToLiveSeconds: 120,
  };
  return notification;
}
