import type { BlockList } from 'node:net';
import { LRUCache } from 'lru-cache';
import { request } from 'undici';
import { orAborted } from '../../runtime/or-aborted.ts';
import type { CallbackAttempt, CallbackCredentials, CallbackSender } from '../ports.ts';
import { AddressNotAllowed, createGuardedAgent, type Lookup } from './guarded-agent.ts';
import { webhookHeaders } from './webhook-signature.ts';

export interface CallbackSenderOptions {
  /** Private networks that may be called. */
  readonly allowedNetworks: BlockList;
  /** What is configured for exactly this address; undefined for any other. Asked before each attempt. */
  readonly findCredentials: (callbackUri: string) => Promise<CallbackCredentials | undefined>;
  /** The system's resolver by default. */
  readonly lookup?: Lookup;
}

/** How long an origin that failed is spared quick first attempts. */
const AILING_MS = 30_000;
const MAX_REMEMBERED_ORIGINS = 1_000;
const MAX_REPLY_BYTES = 4_096;
const CONNECTIONS_PER_ORIGIN = 16;

/**
 * POSTs callbacks as the vendor documents them: JSON with the address and the transaction's id, the same bytes each time;
 * any 2xx is a yes. With HTTP Basic and the signatures of Standard Webhooks where the address is configured so.
 */
export function createCallbackSender({
  allowedNetworks,
  findCredentials,
  lookup,
}: CallbackSenderOptions): CallbackSender & { close(): Promise<void> } {
  const agent = createGuardedAgent(allowedNetworks, {
    connections: CONNECTIONS_PER_ORIGIN,
    connectTimeoutMs: 5_000,
    ...(lookup && { lookup }),
  });
  const ailing = new LRUCache<string, true>({ max: MAX_REMEMBERED_ORIGINS, ttl: AILING_MS });

  async function post(
    callbackUri: string,
    transactionId: string,
    credentials: CallbackCredentials | undefined,
    signal: AbortSignal,
  ): Promise<CallbackAttempt> {
    const body = JSON.stringify({ callback_uri: callbackUri, transaction_id: transactionId });
    const posted = request(callbackUri, {
      method: 'POST',
      headers: {
        'content-type': 'application/json;charset=UTF-8',
        ...(credentials && credentialHeaders(credentials, transactionId, body)),
      },
      body,
      signal,
      dispatcher: agent,
    });
    const response = await orAborted(posted, signal);
    const { statusCode } = response;
    await response.body.dump({ limit: MAX_REPLY_BYTES });
    if (statusCode >= 200 && statusCode < 300) return { ok: true, httpStatus: statusCode };
    return { ok: false, failure: 'refused', httpStatus: statusCode };
  }

  return {
    isAilingAt: (callbackUri) => ailing.has(originOf(callbackUri)),
    async send({ callbackUri, transactionId }, timeoutMs) {
      const credentials = await findCredentials(callbackUri);
      const signal = AbortSignal.timeout(timeoutMs);
      const attempt = await post(callbackUri, transactionId, credentials, signal).catch(failureOf);
      if (attempt.ok) ailing.delete(originOf(callbackUri));
      else ailing.set(originOf(callbackUri), true);
      return attempt;
    },
    close: () => agent.destroy(),
  };
}

function credentialHeaders(
  { basic, webhookSecrets }: CallbackCredentials,
  id: string,
  body: string,
): Record<string, string> {
  const timestampSeconds = Math.floor(Date.now() / 1_000);
  return {
    ...(basic && {
      authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`,
    }),
    ...(webhookSecrets.length > 0 && webhookHeaders({ id, timestampSeconds, body }, webhookSecrets)),
  };
}

function originOf(uri: string): string {
  return new URL(uri).origin;
}

function failureOf(error: unknown): CallbackAttempt {
  if (error instanceof AddressNotAllowed) return { ok: false, failure: 'address_not_allowed' };
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT') return { ok: false, failure: 'timeout' };
  return { ok: false, failure: typeof code === 'string' ? code.toLowerCase() : 'unreachable' };
}
