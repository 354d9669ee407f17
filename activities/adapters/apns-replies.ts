import type { PushReceipt } from '../ports.ts';
import type { ApnsReply } from './apns-exchange.ts';
import { type ProviderAnswer, refusalFrom } from './provider-answer.ts';
import { retryAfterOf } from './retry-after.ts';

export interface ApnsAnswer extends ProviderAnswer {
  /** Before the push counts as refused: once more with another provider token, or its connection is left for a new one. */
  readonly remedy?: 'new_provider_token' | 'new_connection';
}

/** What APNs may answer (developer.apple.com, "Handling notification responses from APNs"), and what we say in its place. */
export const APNS_ANSWERS = {
  BadCollapseId: { http: '400', failure: 'message_refused', meaning: 'the collapse id is too long' },
  BadDeviceToken: {
    http: '400',
    failure: 'misconfigured',
    meaning: 'the device token is of the other environment, or of nobody',
  },
  BadExpirationDate: { http: '400', failure: 'message_refused', meaning: 'the expiration is no number of seconds' },
  BadMessageId: { http: '400', failure: 'message_refused', meaning: 'the id is no UUID' },
  BadPriority: { http: '400', failure: 'message_refused', meaning: 'there is no such priority' },
  BadTopic: { http: '400', failure: 'misconfigured', meaning: 'the bundle id is none' },
  DeviceTokenNotForTopic: {
    http: '400',
    failure: 'misconfigured',
    meaning: 'the device token belongs to another app than the bundle id says',
  },
  DuplicateHeaders: { http: '400', failure: 'message_refused', meaning: 'a header came twice' },
  IdleTimeout: {
    http: '400',
    failure: 'provider_unavailable',
    remedy: 'new_connection',
    meaning: 'the connection was idle for too long',
  },
  InvalidPushType: { http: '400', failure: 'message_refused', meaning: 'there is no such push type' },
  MissingDeviceToken: { http: '400', failure: 'message_refused', meaning: 'the path holds no device token' },
  MissingTopic: { http: '400', failure: 'misconfigured', meaning: 'there was no bundle id' },
  PayloadEmpty: { http: '400', failure: 'message_refused', meaning: 'the payload is empty' },
  TopicDisallowed: { http: '400', failure: 'misconfigured', meaning: 'the team may not send to this bundle id' },
  BadCertificate: { http: '403', failure: 'misconfigured', meaning: 'a certificate of the sender is not valid' },
  BadCertificateEnvironment: {
    http: '403',
    failure: 'misconfigured',
    meaning: 'a certificate of the sender is of the other environment',
  },
  BadEnvironmentKeyIdInToken: {
    http: '403',
    failure: 'misconfigured',
    meaning: 'the signing key is for the other environment alone',
  },
  ExpiredProviderToken: {
    http: '403',
    failure: 'misconfigured',
    remedy: 'new_provider_token',
    meaning: 'the provider token is over an hour old: a clock is wrong',
  },
  Forbidden: { http: '403', failure: 'misconfigured', meaning: 'the team may not do this' },
  InvalidProviderToken: {
    http: '403',
    failure: 'misconfigured',
    remedy: 'new_provider_token',
    meaning: 'team, key id and signing key do not belong together, or the key was revoked',
  },
  MissingProviderToken: { http: '403', failure: 'misconfigured', meaning: 'the provider token was lost on its way' },
  UnrelatedKeyIdInToken: {
    http: '403',
    failure: 'provider_unavailable',
    remedy: 'new_connection',
    meaning: 'the connection was used with another key before',
  },
  BadPath: { http: '404', failure: 'message_refused', meaning: 'there is nothing at this path' },
  MethodNotAllowed: { http: '405', failure: 'message_refused', meaning: 'the method was not POST' },
  ExpiredToken: { http: '410', failure: 'token_gone', meaning: 'the device token has expired' },
  Unregistered: { http: '410', failure: 'token_gone', meaning: 'the app was removed, or has another token now' },
  PayloadTooLarge: { http: '413', failure: 'message_refused', meaning: 'the payload is larger than 4096 bytes' },
  TooManyProviderTokenUpdates: {
    http: '429',
    failure: 'throttled',
    meaning: 'the provider token was changed within 20 minutes, perhaps by another sender with this key',
  },
  TooManyRequests: { http: '429', failure: 'throttled', meaning: 'too many pushes to this phone' },
  InternalServerError: { http: '500', failure: 'provider_unavailable', meaning: 'a fault of APNs' },
  ServiceUnavailable: { http: '503', failure: 'provider_unavailable', meaning: 'APNs is overloaded' },
  Shutdown: {
    http: '503',
    failure: 'provider_unavailable',
    remedy: 'new_connection',
    meaning: 'this server of APNs is about to end',
  },
  http_403: { http: '401, 403', failure: 'misconfigured', meaning: 'refused for a reason that is not listed' },
  http_429: { http: '429', failure: 'throttled', meaning: 'throttled for a reason that is not listed' },
  http_4xx: { http: '4xx', failure: 'message_refused', meaning: 'any other refusal' },
  http_5xx: { http: '5xx', failure: 'provider_unavailable', meaning: 'APNs, or what stands before it, is ailing' },
  http_other: { http: '2xx, 3xx', failure: 'provider_unavailable', meaning: 'the answer is not that of APNs' },
  malformed_device_token: {
    http: 'none',
    failure: 'token_gone',
    meaning: 'the push token is not hexadecimal; APNs is not asked',
  },
  left_undone: {
    http: 'none',
    failure: 'provider_unavailable',
    meaning: 'two connections in a row ended before they took the push',
  },
  line_full: {
    http: 'none',
    failure: 'throttled',
    meaning: '1,000 pushes wait for their turn on this connection',
  },
  provider_token_unavailable: {
    http: 'none',
    failure: 'provider_unavailable',
    meaning: 'the database, which keeps the provider token, does not answer',
  },
} as const satisfies Readonly<Record<string, ApnsAnswer>>;

export type ApnsCode = keyof typeof APNS_ANSWERS;

/** Reads a reply of APNs. `sentAs` is the id that was sent with it. */
export function receiptOfReply(reply: ApnsReply, sentAs: string): PushReceipt & { readonly providerCode?: string } {
  if (reply.status === 200) return { ok: true, providerMessageId: reply.apnsId ?? sentAs };
  const code = codeOf(reply);
  const { timestamp } = (reply.body ?? {}) as { timestamp?: unknown };
  const isGone = APNS_ANSWERS[code].failure === 'token_gone' && Number.isSafeInteger(timestamp);
  return refusalFrom(APNS_ANSWERS, code, {
    ...retryAfterOf(reply.retryAfter),
    ...(isGone && { goneSinceMs: timestamp as number }),
  });
}

/** What may help against this reply. */
export function remedyFor(reply: ApnsReply): ApnsAnswer['remedy'] {
  return reply.status === 200 ? undefined : (APNS_ANSWERS[codeOf(reply)] as ApnsAnswer).remedy;
}

/** Apple's reason, where it comes with the status that belongs to it. */
function codeOf({ status, body }: ApnsReply): ApnsCode {
  const { reason } = (body ?? {}) as { reason?: unknown };
  if (typeof reason === 'string' && Object.hasOwn(APNS_ANSWERS, reason)) {
    if (APNS_ANSWERS[reason as ApnsCode].http === String(status)) return reason as ApnsCode;
  }
  if (status === 401 || status === 403) return 'http_403';
  if (status === 429) return 'http_429';
  if (status >= 500) return 'http_5xx';
  return status >= 400 ? 'http_4xx' : 'http_other';
}
