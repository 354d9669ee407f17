import type { PushFailure } from '../ports.ts';

export interface FcmFailure {
  readonly failure: PushFailure;
  /** The access token was not accepted; a fresh one may be. */
  readonly unauthenticated?: boolean;
}

/** What each `FcmError.errorCode` means (firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode). */
const BY_ERROR_CODE: Readonly<Record<string, PushFailure>> = {
  UNREGISTERED: 'token_gone',
  SENDER_ID_MISMATCH: 'misconfigured',
  INVALID_ARGUMENT: 'token_gone',
  QUOTA_EXCEEDED: 'throttled',
  UNAVAILABLE: 'provider_unavailable',
  INTERNAL: 'provider_unavailable',
  THIRD_PARTY_AUTH_ERROR: 'misconfigured',
};

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

/** Reads a reply that is not a success. An invalid argument without FCM's own detail is a fault of our message. */
export function failureOfFcmReply(httpStatus: number, reply: unknown): FcmFailure {
  const error = (reply as { error?: { status?: unknown; details?: unknown } } | null)?.error;
  const details: readonly unknown[] = Array.isArray(error?.details) ? error.details : [];
  for (const detail of details) {
    const { '@type': type, errorCode } = (detail ?? {}) as { '@type'?: unknown; errorCode?: unknown };
    const failure = type === FCM_ERROR && typeof errorCode === 'string' ? BY_ERROR_CODE[errorCode] : undefined;
    if (failure) return { failure };
  }
  if (httpStatus === 401) return { failure: 'misconfigured', unauthenticated: true };
  if (httpStatus === 429) return { failure: 'throttled' };
  if (httpStatus >= 500) return { failure: 'provider_unavailable' };
  if (httpStatus === 403 || httpStatus === 404) return { failure: 'misconfigured' };
  return { failure: 'message_refused' };
}
