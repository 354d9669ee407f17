import { request } from 'undici';
import type { PushAttempt, PushMessage, PushReceipt } from '../ports.ts';
import { refusalOfBreakage } from './connection-answers.ts';
import { type AccessToken, answerOfTokenRefusal, createAccessTokens } from './fcm-access-token.ts';
import { createFirebaseAdminClient } from './fcm-firebase-admin.ts';
import { dryRunTargetOf, fcmDataOf, fcmNotificationOf } from './fcm-message.ts';
import { FCM_ANSWERS, refusalOfFcmReply } from './fcm-replies.ts';
import { type FcmHttpV1Settings, readFcmHttpV1Settings } from './fcm-settings.ts';
import { chooseProxy, type OutgoingProxy } from './open-tunnel.ts';
import { refusalFrom } from './provider-answer.ts';
import type { PushClient, PushClientDependencies } from './push-client.ts';
import { createPushConnections } from './push-connections.ts';
import { readJson } from './read-json.ts';
import { createUnderWay } from './under-way.ts';

/** Client of FCM HTTP v1 by the transport that the settings name. Throws on malformed settings. */
export function createFcmHttpV1Client(settingsJson: string, dependencies: PushClientDependencies): PushClient {
  const settings = readFcmHttpV1Settings(settingsJson);
  const proxy = chooseProxy(settings.proxyUrl, dependencies.proxyUrl);
  return settings.transport === 'http'
    ? createHttpClient(settings, proxy, dependencies.timeoutMs)
    : createFirebaseAdminClient(settings, proxy, dependencies.timeoutMs);
}

/**
 * Our own client of `projects.messages.send` (firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send).
 * One attempt includes everything it needs, the access token too.
 */
function createHttpClient(
  settings: FcmHttpV1Settings,
  proxy: OutgoingProxy | undefined,
  pushTimeoutMs: number,
): PushClient {
  const { serviceAccount, endpoint } = settings;
  const connections = createPushConnections(proxy, pushTimeoutMs);
  const tokens = createAccessTokens(serviceAccount, connections.pool);
  const address = `${endpoint}/v1/projects/${encodeURIComponent(serviceAccount.project_id)}/messages:send`;

  async function post(
    body: object,
    { token }: AccessToken,
    onFreshConnection: boolean,
    deadline: AbortSignal,
  ): Promise<PushReceipt> {
    return connections.with(onFreshConnection, async (dispatcher) => {
      const response = await request(address, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: deadline,
        dispatcher,
      });
      const reply = await readJson(response.body);
      const name = (reply as { name?: unknown } | null | undefined)?.name;
      if (response.statusCode === 200 && typeof name === 'string') return { ok: true, providerMessageId: name };
      return refusalOfFcmReply(response.statusCode, reply, response.headers['retry-after']);
    });
  }

  async function hand(body: object, { withinMs, onFreshConnection }: PushAttempt): Promise<PushReceipt> {
    const deadline = AbortSignal.timeout(withinMs);
    try {
      const token = await tokens.current(deadline);
      const first = await post(body, token, onFreshConnection, deadline);
      if (first.ok || first.providerCode !== 'http_401') return first;
      // The token may have been revoked early: a fresh one, once.
      tokens.forget(token);
      return await post(body, await tokens.current(deadline), onFreshConnection, deadline);
    } catch (error) {
      const tokenAnswer = answerOfTokenRefusal(error);
      return tokenAnswer ? refusalFrom(FCM_ANSWERS, tokenAnswer) : refusalOfBreakage(error);
    }
  }

  /** Counted here, as one send is up to three requests: token, push, and the push again with a fresh token. */
  const underWay = createUnderWay<PushReceipt>();

  return {
    send: (push, attempt) => underWay.track(hand({ message: fcmMessageOf(push, settings) }, attempt)),
    dryRun: (pushToken, withinMs) =>
      underWay.track(
        hand({ validate_only: true, message: dryRunMessageOf(pushToken) }, { withinMs, onFreshConnection: false }),
      ),
    async close() {
      await underWay.ended();
      tokens.close();
      await connections.close();
    },
  };
}

/** High priority wakes a dozing phone; nothing is kept longer than the transaction lives. No collapse key: each counts. */
function fcmMessageOf(push: PushMessage, settings: FcmHttpV1Settings): object {
  return {
    token: push.pushToken,
    ...fcmNotificationOf(push, settings),
    data: fcmDataOf(push),
    android: { priority: 'HIGH', ttl: `${push.timeToLiveSeconds}s` },
  };
}

function dryRunMessageOf(pushToken: string | undefined): object {
  return { ...dryRunTargetOf(pushToken), android: { priority: 'HIGH', ttl: '1s' } };
}
