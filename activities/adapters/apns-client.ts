import { orAborted } from '../../runtime/or-aborted.ts';
import type { PushAttempt, PushMessage, PushReceipt } from '../ports.ts';
import { type ApnsReply, LeftUndone } from './apns-exchange.ts';
import { type ApnsLine, createApnsLine, LineFull } from './apns-line.ts';
import { apnsIdOf, headersOf, isDeviceToken, PAYLOAD_LIMIT_BYTES, payloadOf } from './apns-message.ts';
import { createProviderTokens, ProviderTokenUnavailable } from './apns-provider-tokens.ts';
import { APNS_ANSWERS, type ApnsCode, receiptOfReply, remedyFor } from './apns-replies.ts';
import { openApnsSession } from './apns-session.ts';
import { readApnsSettings } from './apns-settings.ts';
import { refusalOfBreakage } from './connection-answers.ts';
import { chooseProxy } from './open-tunnel.ts';
import { refusalFrom } from './provider-answer.ts';
import { createLocalProviderTokenStore } from './provider-token-store.ts';
import type { PushClient, PushClientDependencies } from './push-client.ts';
import { createUnderWay } from './under-way.ts';

/**
 * Client of Apple's push service by provider tokens over HTTP/2: one connection to each environment, opened on first need.
 * Throws `SyntaxError` or `ZodError` for settings that are not its own.
 */
export function createApnsClient(
  settingsJson: string,
  { timeoutMs, proxyUrl, providerTokens = createLocalProviderTokenStore() }: PushClientDependencies,
): PushClient {
  const settings = readApnsSettings(settingsJson);
  const tokens = createProviderTokens(settings, providerTokens);
  const proxy = chooseProxy(settings.proxyUrl, proxyUrl);
  const { certificateAuthority, endpoints } = settings;
  const lineTo = (origin: string): ApnsLine =>
    createApnsLine({
      // Half the time of a push, so that a second connection has a chance.
      open: () => openApnsSession({ origin, certificateAuthority, proxy }, Math.ceil(timeoutMs / 2)),
      endsConnection: (reply) => remedyFor(reply) === 'new_connection',
    });
  const lines = { production: lineTo(endpoints.production), development: lineTo(endpoints.development) };
  const underWay = createUnderWay<PushReceipt>();

  async function hand(
    push: PushMessage,
    { apnsId, body, onFreshConnection }: { apnsId: string; body: string; onFreshConnection: boolean },
    signal: AbortSignal,
  ): Promise<ApnsReply> {
    const post = (token: string) =>
      lines[push.apns.environment].post({ headers: headersOf(push, apnsId, token), body }, signal, onFreshConnection);
    const known = tokens.current();
    const token = typeof known === 'string' ? known : await orAborted(known, signal);
    const reply = await post(token);
    if (remedyFor(reply) !== 'new_provider_token') return reply;
    const another = await orAborted(tokens.replace(token), signal);
    return another === undefined ? reply : await post(another);
  }

  async function send(push: PushMessage, attempt: PushAttempt): Promise<PushReceipt> {
    if (!isDeviceToken(push.pushToken)) return refused('malformed_device_token');
    const body = payloadOf(push);
    if (Buffer.byteLength(body) > PAYLOAD_LIMIT_BYTES) return refused('PayloadTooLarge');
    const apnsId = apnsIdOf(push);
    const deadline = startDeadline(attempt.withinMs);
    try {
      const { onFreshConnection } = attempt;
      return receiptOfReply(await hand(push, { apnsId, body, onFreshConnection }, deadline.signal), apnsId);
    } catch (error) {
      if (error instanceof LineFull) return refused('line_full');
      if (error instanceof LeftUndone) return refused('left_undone');
      if (error instanceof ProviderTokenUnavailable) return refused('provider_token_unavailable');
      return refusalOfBreakage(error);
    } finally {
      deadline.clear();
    }
  }

  return {
    send: (push, attempt) => underWay.track(send(push, attempt)),
    async close() {
      await underWay.ended();
      lines.production.close();
      lines.development.close();
    },
  };
}

function refused(code: ApnsCode): PushReceipt {
  return refusalFrom(APNS_ANSWERS, code);
}

/** Like `AbortSignal.timeout`, but its timer does not outlive the push: thousands of them would be kept. */
function startDeadline(withinMs: number): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new TimeoutError('no answer in time')), withinMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
