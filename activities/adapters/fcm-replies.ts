import type { PushRefusal } from '../ports.ts';
import { type ProviderAnswers, refusalFrom } from './provider-answer.ts';
import { retryAfterOf } from './retry-after.ts';

/** What FCM HTTP v1 may answer (firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode), and its token server. */
export const FCM_ANSWERS = {
  UNREGISTERED: { http: '404', failure: 'token_gone', meaning: 'the app was removed, or has another token now' },
  INVALID_ARGUMENT_TOKEN: { http: '400', failure: 'token_gone', meaning: 'the push token is none' },
  INVALID_ARGUMENT: { http: '400', failure: 'message_refused', meaning: 'another field of the message is at fault' },
  SENDER_ID_MISMATCH: {
    http: '403',
    failure: 'misconfigured',
    meaning: 'the push token belongs to another Firebase project than the service account',
  },
  QUOTA_EXCEEDED: { http: '429', failure: 'throttled', meaning: 'too many messages, of the project or to this phone' },
  UNAVAILABLE: { http: '503', failure: 'provider_unavailable', meaning: 'FCM is overloaded' },
  INTERNAL: { http: '500', failure: 'provider_unavailable', meaning: 'a fault of FCM' },
  THIRD_PARTY_AUTH_ERROR: {
    http: '401',
    failure: 'misconfigured',
    meaning: 'the APNs key or web push key that was given to Firebase is not valid',
  },
  http_401: {
    http: '401',
    failure: 'misconfigured',
    meaning: 'the access token is not accepted, nor is a fresh one',
  },
  http_403: { http: '403', failure: 'misconfigured', meaning: 'the service account may not send in this project' },
  http_404: { http: '404', failure: 'misconfigured', meaning: 'there is no such project, or no FCM at this endpoint' },
  http_429: { http: '429', failure: 'throttled', meaning: 'too many requests' },
  http_4xx: { http: '4xx', failure: 'message_refused', meaning: 'any other refusal' },
  http_5xx: { http: '5xx', failure: 'provider_unavailable', meaning: 'FCM, or what stands before it, is ailing' },
  no_message_id: { http: '2xx, 3xx', failure: 'provider_unavailable', meaning: 'the answer is not FCM’s' },
  token_refused: {
    http: '4xx of the token server',
    failure: 'misconfigured',
    meaning: 'the service account’s key is unknown, was revoked, or the clock is wrong',
  },
  token_unavailable: {
    http: '5xx of the token server',
    failure: 'provider_unavailable',
    meaning: 'Google’s token server is ailing',
  },
} as const satisfies ProviderAnswers;

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

/**
 * Reads a reply that is not a success. An invalid argument is a token that is none, unless the reply names another field
 * that is at fault (`BadRequest`): then it is our message.
 */
export function refusalOfFcmReply(httpStatus: number, reply: unknown, retryAfter?: unknown): PushRefusal {
  return refusalFrom(FCM_ANSWERS, answerOf(httpStatus, reply), retryAfterOf(retryAfter));
}

function answerOf(httpStatus: number, reply: unknown): keyof typeof FCM_ANSWERS {
  const error = (reply as { error?: { details?: unknown } } | null | undefined)?.error;
  const details: readonly unknown[] = Array.isArray(error?.details) ? error.details : [];
  const blamesMessage = details.some((detail) => typeOf(detail) === BAD_REQUEST && !namesToken(detail));
  for (const detail of details) {
    const errorCode = (detail as { errorCode?: unknown } | null)?.errorCode;
    if (typeOf(detail) !== FCM_ERROR || typeof errorCode !== 'string') continue;
    if (errorCode === 'INVALID_ARGUMENT') return blamesMessage ? 'INVALID_ARGUMENT' : 'INVALID_ARGUMENT_TOKEN';
    if (isFcmCode(errorCode)) return errorCode;
  }
  if (httpStatus === 401 || httpStatus === 403 || httpStatus === 404 || httpStatus === 429) return `http_${httpStatus}`;
  if (httpStatus < 400) return 'no_message_id';
  if (httpStatus >= 500) return 'http_5xx';
  return 'http_4xx';
}

/** The table holds words of ours too, which are lower case. */
function isFcmCode(errorCode: string): errorCode is keyof typeof FCM_ANSWERS {
  return Object.hasOwn(FCM_ANSWERS, errorCode) && /^[A-Z_]+$/.test(errorCode);
}

function typeOf(detail: unknown): unknown {
  return (detail as { '@type'?: unknown } | null)?.['@type'];
}

function namesToken(badRequest: unknown): boolean {
  const { fieldViolations } = badRequest as { fieldViolations?: unknown };
  return Array.isArray(fieldViolations) && fieldViolations.some((violation) => violation?.field === 'message.token');
}
