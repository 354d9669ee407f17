import type { Response } from 'express';
import {
  argumentError,
  FCM_REFUSALS,
  type GoogleError,
  MALFORMED_TOKEN,
  permissionDenied,
  sendGoogleError,
  unauthenticated,
} from './google-error.ts';
import { sendLegacyError } from './legacy-reply.ts';

/** One refusal, as each of the two interfaces tells it. */
interface Refusal {
  /** `page`: what a gateway in front of Google's services answers, in HTML. */
  readonly google: GoogleError | 'page';
  /** An error of the legacy interface in a 200, or an HTTP status of it. */
  readonly legacy: string | number;
}

/** Every refusal that can be asked for on demand (`reply` of `PUT /simulator/behaviour`). */
export const REFUSALS = {
  UNREGISTERED: { google: FCM_REFUSALS.UNREGISTERED, legacy: 'NotRegistered' },
  INVALID_ARGUMENT: { google: MALFORMED_TOKEN, legacy: 'InvalidRegistration' },
  MESSAGE_TOO_BIG: { google: argumentError('message', 'Android message is too big'), legacy: 'MessageTooBig' },
  SENDER_ID_MISMATCH: { google: FCM_REFUSALS.SENDER_ID_MISMATCH, legacy: 'MismatchSenderId' },
  QUOTA_EXCEEDED: { google: FCM_REFUSALS.QUOTA_EXCEEDED, legacy: 'DeviceMessageRateExceeded' },
  UNAVAILABLE: { google: FCM_REFUSALS.UNAVAILABLE, legacy: 'Unavailable' },
  INTERNAL: { google: FCM_REFUSALS.INTERNAL, legacy: 'InternalServerError' },
  THIRD_PARTY_AUTH_ERROR: { google: FCM_REFUSALS.THIRD_PARTY_AUTH_ERROR, legacy: 'InvalidApnsCredential' },
  UNAUTHENTICATED: { google: unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED'), legacy: 401 },
  PERMISSION_DENIED: { google: permissionDenied('countersign-demo'), legacy: 403 },
  NOT_FOUND: { google: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' }, legacy: 404 },
  RESOURCE_EXHAUSTED: {
    google: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for quota metric.' },
    legacy: 429,
  },
  BAD_GATEWAY: { google: 'page', legacy: 502 },
} as const satisfies Record<string, Refusal>;

export type RefusalName = keyof typeof REFUSALS;

/** Answers with the refusal as the interface in question tells it. */
export function refuse(
  response: Response,
  name: RefusalName,
  api: 'http_v1' | 'legacy',
  retryAfterSeconds?: number,
): void {
  const { google, legacy }: Refusal = REFUSALS[name];
  if (api === 'legacy') {
    sendLegacyError(response, legacy, retryAfterSeconds);
  } else if (google === 'page') {
    if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
    response.status(502).type('html').send('<!DOCTYPE html><title>Error 502 (Server Error)</title>');
  } else {
    sendGoogleError(response, google, retryAfterSeconds);
  }
}
