import { Agent, request } from 'undici';
import { z } from 'zod';
import type { PushContent } from '../../runtime/device-wire.ts';
import type { PushAttempt, PushFailure, PushMessage, PushReceipt } from '../ports.ts';
import { createAccessTokens, TokenRefused, UnusableKey } from './fcm-access-token.ts';
import { failureOfFcmReply } from './fcm-replies.ts';
import type { PushClient, PushClientDependencies, SettingsCheck } from './push-client.ts';
import { readJson } from './read-json.ts';
import { whatIsWrong } from './what-is-wrong.ts';

const settingsSchema = z.object({
  serviceAccount: z.object({
    project_id: z.string().min(1),
    private_key_id: z.string().min(1),
    private_key: z.string().min(1),
    client_email: z.string().min(1),
    token_uri: z.url(),
  }),
  /** Origin of the FCM service. */
  endpoint: z.url().default('https://fcm.googleapis.com'),
});

/** Connections to one project; further sends wait in undici's queue until their deadline. */
const MAX_CONNECTIONS = 8;

/**
 * Client of the FCM HTTP v1 API (firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send).
 * One attempt includes everything it needs, the access token too. Throws on malformed settings.
 */
export function createFcmHttpV1Client(settingsJson: string, { timeoutMs }: PushClientDependencies): PushClient {
  const { serviceAccount, endpoint } = settingsSchema.parse(JSON.parse(settingsJson));
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS, connect: { timeout: timeoutMs } });
  const tokens = createAccessTokens(serviceAccount, dispatcher);
  const address = `${endpoint}/v1/projects/${encodeURIComponent(serviceAccount.project_id)}/messages:send`;

  async function post(push: PushMessage, deadline: AbortSignal): Promise<PushReceipt & { unauthenticated?: boolean }> {
    const token = await tokens.current(deadline);
    const response = await request(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: toFcmMessage(push) }),
      signal: deadline,
      dispatcher,
    });
    const reply = await readJson(response.body);
    const name = (reply as { name?: unknown } | null)?.name;
    if (response.statusCode === 200 && typeof name === 'string') return { ok: true, providerMessageId: name };
    return { ok: false, ...failureOfFcmReply(response.statusCode, reply) };
  }

  /** Counted here, as one send is up to three requests: token, push, and the push again with a fresh token. */
  const underWay = new Set<Promise<PushReceipt>>();

  async function send(push: PushMessage, { withinMs }: PushAttempt): Promise<PushReceipt> {
    const deadline = AbortSignal.timeout(withinMs);
    try {
      const first = await post(push, deadline);
      if (first.ok || !first.unauthenticated) return stripped(first);
      // The token may have been revoked early: a fresh one, once.
      tokens.forget();
      return stripped(await post(push, deadline));
    } catch (error) {
      return { ok: false, failure: failureOfBreakage(error) };
    }
  }

  return {
    send(push, attempt) {
      const sending = send(push, attempt);
      underWay.add(sending);
      return sending.finally(() => underWay.delete(sending));
    },
    async close() {
      await Promise.allSettled(underWay);
      await dispatcher.close();
    },
  };
}

/** Whether these are settings of an FCM HTTP v1 configuration. */
export function checkFcmHttpV1Settings(settings: unknown): SettingsCheck {
  const parsed = settingsSchema.safeParse(settings);
  return parsed.success ? { ok: true } : { ok: false, reason: whatIsWrong(parsed.error) };
}

function stripped(receipt: PushReceipt): PushReceipt {
  return receipt.ok ? receipt : { ok: false, failure: receipt.failure };
}

function failureOfBreakage(error: unknown): PushFailure {
  if (error instanceof UnusableKey) return 'misconfigured';
  return error instanceof TokenRefused && error.httpStatus < 500 ? 'misconfigured' : 'provider_unavailable';
}

/** Data only, so that the app's own code always gets it; ids and the short message, nothing confidential. */
function toFcmMessage(push: PushMessage): object {
  const content: PushContent = {
    og_transaction_id: push.transactionId,
    og_profile_id: push.userId,
    og_message: push.message,
    timestamp: push.sentAtMs,
    timeToLiveSeconds: push.timeToLiveSeconds,
  };
  return {
    token: push.pushToken,
    data: { content: JSON.stringify(content) },
    android: { priority: 'HIGH', ttl: `${push.timeToLiveSeconds}s` },
  };
}
