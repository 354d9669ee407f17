import type { BlockList } from 'node:net';
import { LRUCache } from 'lru-cache';
import { request } from 'undici';
import type { CallbackAttempt, CallbackSender } from '../ports.ts';
import { AddressNotAllowed, createGuardedAgent } from './guarded-agent.ts';

export interface CallbackSenderOptions {
  /** Private networks that may be called. */
  readonly allowedNetworks: BlockList;
}

/** How long an origin that failed is spared quick first attempts. */
const AILING_MS = 30_000;
const MAX_REMEMBERED_ORIGINS = 1_000;
const MAX_REPLY_BYTES = 4_096;
const CONNECTIONS_PER_ORIGIN = 16;

/** POSTs callbacks as the vendor documents them: JSON with the address and the transaction's id, any 2xx is a yes. */
export function createCallbackSender({
  allowedNetworks,
}: CallbackSenderOptions): CallbackSender & { close(): Promise<void> } {
  const agent = createGuardedAgent(allowedNetworks, { connections: CONNECTIONS_PER_ORIGIN, connectTimeoutMs: 5_000 });
  const ailing = new LRUCache<string, true>({ max: MAX_REMEMBERED_ORIGINS, ttl: AILING_MS });

  async function post(callbackUri: string, transactionId: string, timeoutMs: number): Promise<CallbackAttempt> {
    const response = await request(callbackUri, {
      method: 'POST',
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify({ callback_uri: callbackUri, transaction_id: transactionId }),
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher: agent,
    });
    const { statusCode } = response;
    await response.body.dump({ limit: MAX_REPLY_BYTES });
    if (statusCode >= 200 && statusCode < 300) return { ok: true, httpStatus: statusCode };
    return { ok: false, failure: 'refused', httpStatus: statusCode };
  }

  return {
    isAilingAt: (callbackUri) => ailing.has(originOf(callbackUri)),
    async send({ callbackUri, transactionId }, timeoutMs) {
      const attempt = await post(callbackUri, transactionId, timeoutMs).catch(failureOf);
      if (attempt.ok) ailing.delete(originOf(callbackUri));
      else ailing.set(originOf(callbackUri), true);
      return attempt;
    },
    close: () => agent.destroy(),
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
