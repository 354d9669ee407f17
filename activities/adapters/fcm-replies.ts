import type { PushFailure } from '../ports.ts';

export interface FcmFailure {
  readonly failure: PushFailure;
  /** The access token was not accepted; a fresh one may be. */
  readonly unauthenticated?: boolean;
}

/** What each `FcmError.errorCode` means (firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode). */
const BY_ERROR_CODE: ReadonlyMap<string, PushFailure> = new Map(
  Object.entries<PushFailure>({
    UNREGISTERED: 'token_gone',
    SENDER_ID_MISMATCH: 'misconfigured',
    INVALID_ARGUMENT: 'token_gone',
    QUOTA_EXCEEDED: 'throttled',
    UNAVAILABLE: 'provider_unavailable',
    INTERNAL: 'provider_unavailable',
    THIRD_PARTY_AUTH_ERROR: 'misconfigured',
  }),
);

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

/**
 * Reads a reply that is not a success. An invalid argument is a token that is none, unless the reply names another field
 * that is at fault (`BadRequest`): then it is our message.
 */
export function failureOfFcmReply(httpStatus: number, reply: unknown): FcmFailure {
  const error = (reply as { error?: { status?: unknown; details?: unknown } } | null)?.error;
  const details: readonly unknown[] = Array.isArray(error?.details) ? error.details : [];
  const blamesMessage = details.some((detail) => typeOf(detail) === BAD_REQUEST && !namesToken(detail));
  for (const detail of details) {
    const errorCode = (detail as { errorCode?: unknown } | null)?.errorCode;
    if (typeOf(detail) !== FCM_ERROR || typeof errorCode !== 'string') continue;
    if (errorCode === 'INVALID_ARGUMENT' && blamesMessage) return { failure: 'message_refused' };
    const failure = BY_ERROR_CODE.get(errorCode);
    if (failure) return { failure };
  }
  if (httpStatus === 401) return { failure: 'misconfigured', unauthenticated: true };
  if (httpStatus === 429) return { failure: 'throttled' };
  // A success without a message id is not FCM's: something stands in between.
  if (httpStatus >= 500 || httpStatus === 200) return { failure: 'provider_unavailable' };
  if (httpStatus === 403 || httpStatus === 404) return { failure: 'misconfigured' };
  return { failure: 'message_refused' };
}

function typeOf(detail: unknown): unknown {
  return (detail as { '@type'?: unknown } | null)?.['@type'];
}

function namesToken(badRequest: unknown): boolean {
  const { fieldViolations } = badRequest as { fieldViolations?: unknown };
  return Array.isArray(fieldViolations) && fieldViolations.some((violation) => violation?.field === 'message.token');
}
