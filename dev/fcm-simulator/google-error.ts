import type { Response } from 'express';

/** Codes that FCM gives beside the general status. */
export type FcmErrorCode =
  | 'INVALID_ARGUMENT'
  | 'UNREGISTERED'
  | 'SENDER_ID_MISMATCH'
  | 'QUOTA_EXCEEDED'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'THIRD_PARTY_AUTH_ERROR';

/** One fault of a request, by the path of the field. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** An answer in the form of Google's APIs: HTTP status, `google.rpc.Code` and typed details. */
export interface GoogleError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

const fcmError = (errorCode: FcmErrorCode) => ({
  '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
  errorCode,
});

const badRequest = (fieldViolations: readonly FieldViolation[]) => ({
  '@type': 'type.googleapis.com/google.rpc.BadRequest',
  fieldViolations,
});

const errorInfo = (reason: string, metadata: Readonly<Record<string, string>>) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata,
});

/** The JSON does not fit the shape of a request: refused before FCM looks at it, so without its code. */
export function shapeError(violations: readonly FieldViolation[]): GoogleError {
  const message = violations.map(({ description }) => description).join('\n');
  return { code: 400, status: 'INVALID_ARGUMENT', message, details: [badRequest(violations)] };
}

/** The request has the right shape and still can not be sent. */
export function argumentError(field: string, description: string): GoogleError {
  const details = [badRequest([{ field, description }]), fcmError('INVALID_ARGUMENT')];
  return { code: 400, status: 'INVALID_ARGUMENT', message: description, details };
}

/** No or no valid access token. */
export function unauthenticated(reason: 'CREDENTIALS_MISSING' | 'ACCESS_TOKEN_TYPE_UNSUPPORTED'): GoogleError {
  const subject = reason === 'CREDENTIALS_MISSING' ? 'is missing required' : 'had invalid';
  return {
    code: 401,
    status: 'UNAUTHENTICATED',
    message:
      `Request ${subject} authentication ${reason === 'CREDENTIALS_MISSING' ? 'credential' : 'credentials'}. Expected ` +
      'OAuth 2 access token, login cookie or other valid authentication credential. ' +
      'See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    details: [
      errorInfo(reason, { method: 'google.firebase.fcm.v1.FcmService.SendMessage', service: 'fcm.googleapis.com' }),
    ],
  };
}

/** The service account has no right in this project. */
export function permissionDenied(project: string): GoogleError {
  const permission = 'cloudmessaging.messages.create';
  const resource = `//cloudresourcemanager.googleapis.com/projects/${project}`;
  return {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`,
    details: [errorInfo('IAM_PERMISSION_DENIED', { permission, resource: `projects/${project}` })],
  };
}

/** The token is not even in the form of one. */
export const MALFORMED_TOKEN: GoogleError = {
  code: 400,
  status: 'INVALID_ARGUMENT',
  message: 'The registration token is not a valid FCM registration token',
  details: [fcmError('INVALID_ARGUMENT')],
};

const refusal = (code: number, status: string, message: string, errorCode: FcmErrorCode): GoogleError => ({
  code,
  status,
  message,
  details: [fcmError(errorCode)],
});

/** What FCM answers for reasons that do not lie in the request. */
export const FCM_REFUSALS = {
  UNREGISTERED: refusal(404, 'NOT_FOUND', 'Requested entity was not found.', 'UNREGISTERED'),
  SENDER_ID_MISMATCH: refusal(403, 'PERMISSION_DENIED', 'SenderId mismatch', 'SENDER_ID_MISMATCH'),
  QUOTA_EXCEEDED: refusal(429, 'RESOURCE_EXHAUSTED', 'Message rate exceeded.', 'QUOTA_EXCEEDED'),
  UNAVAILABLE: refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.', 'UNAVAILABLE'),
  INTERNAL: refusal(500, 'INTERNAL', 'Internal error encountered.', 'INTERNAL'),
  THIRD_PARTY_AUTH_ERROR: refusal(
    401,
    'UNAUTHENTICATED',
    'Auth error from APNS or Web Push Service',
    'THIRD_PARTY_AUTH_ERROR',
  ),
} as const satisfies Partial<Record<FcmErrorCode, GoogleError>>;

/** Answers with an error as Google does, `Retry-After` only where it is given. */
export function sendGoogleError(response: Response, error: GoogleError, retryAfterSeconds?: number): void {
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
  if (error.code === 401) response.set('WWW-Authenticate', 'Bearer realm="https://accounts.google.com/"');
  const { code, message, status, details } = error;
  response.status(code).json({ error: { code, message, status, ...(details && { details }) } });
}
