import type { PushRefusal } from '../ports.ts';
import { ProxyRefused } from './open-tunnel.ts';
import { type ProviderAnswers, refusalFrom } from './provider-answer.ts';

/** What may happen on the way to any provider, or before. */
export const CONNECTION_ANSWERS = {
  connection_broken: {
    http: 'none',
    failure: 'provider_unavailable',
    meaning: 'no connection, or it broke before the answer',
  },
  timeout: { http: 'none', failure: 'provider_unavailable', meaning: 'no answer within the time for a push' },
  certificate_untrusted: {
    http: 'none',
    failure: 'misconfigured',
    meaning: 'the TLS certificate is not trusted, or is for another name',
  },
  proxy_refused: {
    http: '4xx of the proxy',
    failure: 'misconfigured',
    meaning: 'the proxy wants other credentials (407) or does not let us through',
  },
  proxy_unavailable: {
    http: '5xx of the proxy',
    failure: 'provider_unavailable',
    meaning: 'the proxy does not get through',
  },
  no_usable_settings: {
    http: 'none',
    failure: 'misconfigured',
    meaning: 'the application has no push configuration, or its settings can not be used',
  },
  too_many_under_way: {
    http: 'none',
    failure: 'throttled',
    meaning: 'this worker has 2,000 pushes under way by this configuration',
  },
} as const satisfies ProviderAnswers;

const UNTRUSTED = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/;

/** What an error on the way to a provider means. Throws it again where it is a bug. */
export function refusalOfBreakage(error: unknown): PushRefusal {
  const chain = causesOf(error);
  if (chain.some(({ name }) => name === 'TypeError' || name === 'ReferenceError')) throw error;
  const proxy = chain.find((cause) => cause instanceof ProxyRefused);
  if (proxy) {
    return refusalFrom(CONNECTION_ANSWERS, proxy.httpStatus < 500 ? 'proxy_refused' : 'proxy_unavailable');
  }
  if (chain.some(({ name }) => name === 'TimeoutError' || name === 'AbortError')) {
    return refusalFrom(CONNECTION_ANSWERS, 'timeout');
  }
  if (chain.some(({ code }) => typeof code === 'string' && UNTRUSTED.test(code))) {
    return refusalFrom(CONNECTION_ANSWERS, 'certificate_untrusted');
  }
  return refusalFrom(CONNECTION_ANSWERS, 'connection_broken');
}

/** An error, what caused it, and so on. */
export function causesOf(error: unknown): { readonly name?: unknown; readonly code?: unknown }[] {
  const chain: { readonly name?: unknown; readonly code?: unknown }[] = [];
  for (let cause = error; isObject(cause) && chain.length < 8; cause = cause.cause) chain.push(cause);
  return chain;
}

function isObject(
  value: unknown,
): value is { readonly name?: unknown; readonly code?: unknown; readonly cause?: unknown } {
  return typeof value === 'object' && value !== null;
}
