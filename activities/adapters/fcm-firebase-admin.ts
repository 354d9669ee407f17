import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from 'firebase-admin/app';
import type { Message } from 'firebase-admin/messaging';
import type { PushMessage, PushReceipt } from '../ports.ts';
import { causesOf, refusalOfBreakage } from './connection-answers.ts';
import { type AccessToken, answerOfTokenRefusal, createAccessTokens } from './fcm-access-token.ts';
import { dryRunTargetOf, fcmDataOf, fcmNotificationOf } from './fcm-message.ts';
import { FCM_ANSWERS, refusalOfFcmReply } from './fcm-replies.ts';
import type { FcmHttpV1Settings } from './fcm-settings.ts';
import type { OutgoingProxy } from './open-tunnel.ts';
import { refusalFrom } from './provider-answer.ts';
import type { PushClient } from './push-client.ts';
import { createPushConnections } from './push-connections.ts';
import { createTunnelAgent } from './tunnel-agent.ts';
import { createUnderWay } from './under-way.ts';

/**
 * The same service through Google's own SDK. It can not be stopped and tries again by itself (up to four times, and as
 * late as Retry-After says): whoever calls gives up in time, and a late success then goes unnoticed. Only `send()` is
 * used, as the SDK's other ways to send ignore proxies; access tokens are ours, as the SDK's own requests for them do too.
 */
export function createFirebaseAdminClient(
  settings: FcmHttpV1Settings,
  proxy: OutgoingProxy | undefined,
  timeoutMs: number,
): PushClient {
  const { serviceAccount } = settings;
  const connections = createPushConnections(proxy, timeoutMs);
  const tokens = createAccessTokens(serviceAccount, connections.pool);
  const agent = createTunnelAgent(proxy, timeoutMs);
  let lastToken: AccessToken | undefined;
  let app: Promise<App> | undefined;

  const credential = {
    async getAccessToken() {
      lastToken = await tokens.current(AbortSignal.timeout(timeoutMs));
      const lifetimeMs = lastToken.expiresAtMs - Date.now();
      return { access_token: lastToken.token, expires_in: Math.floor(lifetimeMs / 1_000) };
    },
  };

  /** Loaded where it is needed only: it takes 15 MB. */
  async function initialize(): Promise<App> {
    const { initializeApp } = await import('firebase-admin/app');
    return initializeApp(
      { credential, httpAgent: agent, projectId: serviceAccount.project_id },
      `countersign-${randomUUID()}`,
    );
  }

  /** An app keeps its access token for as long as it lives. */
  async function forgetToken(refused: App): Promise<void> {
    if (!app || (await app) !== refused) return;
    app = undefined;
    if (lastToken) tokens.forget(lastToken);
    const { deleteApp } = await import('firebase-admin/app');
    await deleteApp(refused);
  }

  async function hand(message: Message, dryRun: boolean, mayRenewToken: boolean): Promise<PushReceipt> {
    app ??= initialize();
    const using = await app;
    try {
      const { getMessaging } = await import('firebase-admin/messaging');
      return { ok: true, providerMessageId: await getMessaging(using).send(message, dryRun) };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.ok || refusal.providerCode !== 'http_401' || !mayRenewToken) return refusal;
      await forgetToken(using);
      return hand(message, dryRun, false);
    }
  }

  const underWay = createUnderWay<PushReceipt>();

  return {
    send: (push) => underWay.track(hand(messageOf(push, settings), false, true)),
    dryRun: (pushToken) =>
      underWay.track(hand({ ...dryRunTargetOf(pushToken), android: { priority: 'high', ttl: 1_000 } }, true, true)),
    async close() {
      // What the SDK still tries for itself after this nobody waits for.
      await Promise.race([underWay.ended(), pause(timeoutMs, undefined, { ref: false })]);
      tokens.close();
      agent.destroy();
      const [{ deleteApp }, using] = await Promise.all([import('firebase-admin/app'), app]);
      if (using) await deleteApp(using);
      await connections.close();
    },
  };
}

/** The SDK takes milliseconds and writes seconds. */
function messageOf(push: PushMessage, settings: FcmHttpV1Settings): Message {
  return {
    token: push.pushToken,
    ...fcmNotificationOf(push, settings),
    data: { ...fcmDataOf(push) },
    android: { priority: 'high', ttl: push.timeToLiveSeconds * 1_000 },
  };
}

function refusalOf(error: unknown): PushReceipt {
  const { httpResponse } = error as {
    httpResponse?: { status: number; headers: Readonly<Record<string, unknown>>; data?: unknown };
  };
  if (httpResponse) {
    return refusalOfFcmReply(httpResponse.status, httpResponse.data, httpResponse.headers['retry-after']);
  }
  const tokenAnswer = causesOf(error).map(answerOfTokenRefusal).find(Boolean);
  return tokenAnswer ? refusalFrom(FCM_ANSWERS, tokenAnswer) : refusalOfBreakage(error);
}
