import type { PushRefusal } from '../ports.ts';
import { type ProviderAnswers, refusalFrom } from './provider-answer.ts';
import { retryAfterOf } from './retry-after.ts';

/** What the legacy interface may answer: `results[0].error` of a 200, and the statuses beside it. */
export const FCM_LEGACY_ANSWERS = {
  NotRegistered: { http: '200', failure: 'token_gone', meaning: 'the app was removed, or has another token now' },
  InvalidRegistration: { http: '200', failure: 'token_gone', meaning: 'the push token is none' },
  MissingRegistration: { http: '200', failure: 'message_refused', meaning: 'no push token was given' },
  InvalidPackageName: {
    http: '200',
    failure: 'misconfigured',
    meaning: 'the push token belongs to another app than this key',
  },
  MismatchSenderId: { http: '200', failure: 'misconfigured', meaning: 'the push token belongs to another sender' },
  InvalidParameters: { http: '200', failure: 'message_refused', meaning: 'a field of the message is at fault' },
  MessageTooBig: { http: '200', failure: 'message_refused', meaning: 'more than 4,096 bytes' },
  InvalidDataKey: { http: '200', failure: 'message_refused', meaning: 'a key of the data is reserved' },
  InvalidTtl: { http: '200', failure: 'message_refused', meaning: 'the time to live is out of bounds' },
  Unavailable: { http: '200', failure: 'provider_unavailable', meaning: 'it could not be handled in time' },
  InternalServerError: { http: '200', failure: 'provider_unavailable', meaning: 'a fault of FCM' },
  DeviceMessageRateExceeded: { http: '200', failure: 'throttled', meaning: 'too many messages to this phone' },
  TopicsMessageRateExceeded: { http: '200', failure: 'throttled', meaning: 'too many messages to a topic' },
  InvalidApnsCredential: {
    http: '200',
    failure: 'misconfigured',
    meaning: 'the APNs key that was given to Firebase is not valid',
  },
  http_401: { http: '401', failure: 'misconfigured', meaning: 'the server key is not accepted' },
  http_403: { http: '403', failure: 'misconfigured', meaning: 'the server key may not do this' },
  http_404: { http: '404', failure: 'misconfigured', meaning: 'the endpoint does not speak this interface (any more)' },
  http_429: { http: '429', failure: 'throttled', meaning: 'too many requests' },
  http_4xx: { http: '4xx', failure: 'message_refused', meaning: 'any other refusal' },
  http_5xx: { http: '5xx', failure: 'provider_unavailable', meaning: 'the service is ailing' },
  unknown_answer: {
    http: '2xx, 3xx',
    failure: 'provider_unavailable',
    meaning: 'the answer is not of this interface, or gives a reason that nobody knows',
  },
} as const satisfies ProviderAnswers;

/** Reads a reply that is not a success. */
export function refusalOfLegacyReply(httpStatus: number, reply: unknown, retryAfter?: unknown): PushRefusal {
  return refusalFrom(FCM_LEGACY_ANSWERS, answerOf(httpStatus, reply), retryAfterOf(retryAfter));
}

function answerOf(httpStatus: number, reply: unknown): keyof typeof FCM_LEGACY_ANSWERS {
  if (httpStatus === 401 || httpStatus === 403 || httpStatus === 404 || httpStatus === 429) return `http_${httpStatus}`;
  if (httpStatus >= 500) return 'http_5xx';
  if (httpStatus >= 400) return 'http_4xx';
  const error = firstResultOf(reply)?.error;
  const isKnown = typeof error === 'string' && /^[A-Z]/.test(error) && Object.hasOwn(FCM_LEGACY_ANSWERS, error);
  return isKnown ? (error as keyof typeof FCM_LEGACY_ANSWERS) : 'unknown_answer';
}

/** The one result of a message to one phone. */
export function firstResultOf(reply: unknown): { readonly message_id?: unknown; readonly error?: unknown } | undefined {
  const results = (reply as { results?: unknown } | null | undefined)?.results;
  const first: unknown = Array.isArray(results) ? results[0] : undefined;
  return typeof first === 'object' && first !== null ? first : undefined;
}
