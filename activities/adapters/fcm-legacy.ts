import { request } from 'undici';
import type { PushAttempt, PushMessage, PushReceipt } from '../ports.ts';
import { refusalOfBreakage } from './connection-answers.ts';
import { firstResultOf, refusalOfLegacyReply } from './fcm-legacy-replies.ts';
import { dryRunTargetOf, fcmDataOf, fcmNotificationOf } from './fcm-message.ts';
import { type FcmLegacySettings, readFcmLegacySettings } from './fcm-settings.ts';
import { chooseProxy } from './open-tunnel.ts';
import type { PushClient, PushClientDependencies } from './push-client.ts';
import { createPushConnections } from './push-connections.ts';
import { readJson } from './read-json.ts';

/**
 * LEGACY. Client of FCM's HTTP interface before v1, by server key. Google has switched its own off (2024); gateways that
 * speak it are still about. Throws on malformed settings.
 */
export function createFcmLegacyClient(settingsJson: string, dependencies: PushClientDependencies): PushClient {
  const settings = readFcmLegacySettings(settingsJson);
  const proxy = chooseProxy(settings.proxyUrl, dependencies.proxyUrl);
  const connections = createPushConnections(proxy, dependencies.timeoutMs);

  async function hand(body: object, { withinMs, onFreshConnection }: PushAttempt): Promise<PushReceipt> {
    try {
      return await connections.with(onFreshConnection, async (dispatcher) => {
        const response = await request(settings.endpoint, {
          method: 'POST',
          headers: { authorization: `key=${settings.serverKey}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(withinMs),
          dispatcher,
        });
        const reply = await readJson(response.body);
        const messageId = firstResultOf(reply)?.message_id ?? topicMessageIdOf(reply);
        if (response.statusCode === 200 && (typeof messageId === 'string' || typeof messageId === 'number')) {
          return { ok: true, providerMessageId: String(messageId) };
        }
        return refusalOfLegacyReply(response.statusCode, reply, response.headers['retry-after']);
      });
    } catch (error) {
      return refusalOfBreakage(error);
    }
  }

  return {
    send: (push, attempt) => hand(legacyMessageOf(push, settings), attempt),
    dryRun(pushToken, withinMs) {
      const target = dryRunTargetOf(pushToken);
      const to = 'token' in target ? target.token : `/topics/${target.topic}`;
      return hand({ to, priority: 'high', time_to_live: 1, dry_run: true }, { withinMs, onFreshConnection: false });
    },
    close: () => connections.close(),
  };
}

function legacyMessageOf(push: PushMessage, settings: FcmLegacySettings): object {
  return {
    to: push.pushToken,
    priority: 'high',
    time_to_live: push.timeToLiveSeconds,
    ...fcmNotificationOf(push, settings),
    data: fcmDataOf(push),
  };
}

/** A message to a topic is answered without a list of results. */
function topicMessageIdOf(reply: unknown): unknown {
  return (reply as { message_id?: unknown } | null | undefined)?.message_id;
}
