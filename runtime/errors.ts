/** Every code a caller can see. The list is the public error contract: codes are added, never renamed. */

/** Codes of our own surfaces; each becomes a problem (RFC 9457) with `code`. */
export const ERRORS = {
  request_invalid: { status: 400, title: 'The request is not well formed.' },
  answer_invalid: { status: 400, title: 'The answer does not fit this transaction.' },
  answer_undecryptable: { status: 400, title: 'The answer can not be decrypted or its signature does not hold.' },
  pin_change_invalid: { status: 400, title: 'The change of the PIN can not be read or is not of this enrolment.' },
  client_unauthenticated: { status: 401, title: 'Client authentication failed.' },
  proof_invalid: { status: 401, title: 'The request proof is missing or does not hold.' },
  proof_replayed: { status: 401, title: 'The request proof was used before.' },
  enrolment_unknown: { status: 401, title: 'No active enrolment has this id.' },
  session_required: { status: 401, title: 'Nobody is logged in, or not any more.' },
  operator_unauthenticated: { status: 401, title: 'Name or password is wrong.' },
  access_token_invalid: { status: 401, title: 'The access token proves no user here.' },
  signature_invalid: { status: 403, title: 'The signature of the report does not hold.' },
  ticket_invalid: { status: 403, title: 'The enrolment ticket is unknown, used or expired.' },
  action_forbidden: { status: 403, title: 'None of the scopes of this client allows it.' },
  origin_refused: { status: 403, title: 'The request does not come from a page of this origin.' },
  app_version_disabled: { status: 403, title: 'This version of the app is not served here.' },
  enrolment_disabled: { status: 403, title: 'Enrolment is switched off.' },
  push_enrolment_disabled: { status: 403, title: 'Enrolment for push messages is switched off.' },
  mobile_authentication_disabled: { status: 403, title: 'Mobile authentication is switched off.' },
  resource_unknown: { status: 404, title: 'There is no such resource.' },
  user_blocked: { status: 403, title: 'The user is not asked until a helpdesk unlocks them.' },
  route_unknown: { status: 404, title: 'There is nothing at this address.' },
  otp_invalid: { status: 404, title: 'The code is not one of ours.' },
  device_unknown: { status: 404, title: 'The user is not on this device.' },
  transaction_unknown: { status: 404, title: 'No transaction of this enrolment has this id.' },
  method_not_allowed: { status: 405, title: 'This address does not take this method.' },
  pin_already_set: { status: 409, title: 'This enrolment has a PIN already.' },
  pin_not_set: { status: 409, title: 'This enrolment has no PIN.' },
  pin_challenge_stale: { status: 409, title: 'The PIN was changed since this change was begun.' },
  user_already_enrolled: { status: 409, title: 'The user is enrolled on a device already.' },
  device_already_enrolled: { status: 409, title: 'The push token belongs to another enrolment.' },
  push_token_mismatch: { status: 409, title: 'The old push token is not the one of this enrolment.' },
  transaction_already_settled: { status: 409, title: 'The transaction is settled already.' },
  transaction_pending: { status: 409, title: 'The transaction has not ended yet.' },
  otp_already_claimed: { status: 409, title: 'Another phone was first to read this code.' },
  challenge_already_fetched: { status: 409, title: 'The challenge was fetched by another request.' },
  challenge_not_read: { status: 409, title: 'An approval must repeat the nonce of the fetched challenge.' },
  transactions_pending: { status: 409, title: 'Not while a transaction waits for this phone.' },
  resend_limit_reached: { status: 409, title: 'The message may not be sent again.' },
  resend_failed: { status: 409, title: 'The message was not sent again.' },
  redelivery_underway: { status: 409, title: 'The callback is being delivered once more already.' },
  redeliveries_used_up: { status: 409, title: 'The callback may not be delivered once more.' },
  idempotency_key_reused: { status: 409, title: 'The idempotency key was used with another request.' },
  resource_exists: { status: 409, title: 'There is a resource of this name already.' },
  resource_referenced: { status: 409, title: 'Other resources still refer to this one.' },
  secret_rotation_open: { status: 409, title: 'The secret before this one is still good.' },
  transaction_expired: { status: 410, title: 'The transaction has expired.' },
  precondition_failed: { status: 412, title: 'The resource has changed since it was read.' },
  body_too_large: { status: 413, title: 'The request body is larger than 64 KiB.' },
  media_type_unsupported: { status: 415, title: 'The content type of the body is not supported here.' },
  sms_budget_exceeded: { status: 429, title: 'No more SMS are sent for now; try later or another way.' },
  precondition_required: { status: 428, title: 'The header If-Match must name the state that is to be changed.' },
  too_many_failures: { status: 429, title: 'Too many failed authentications of this client from this address.' },
  user_asked_too_often: { status: 429, title: 'The user is not asked again for now.' },
  too_many_answers: { status: 429, title: 'Too many answers to this transaction were refused.' },
  internal: { status: 500, title: 'Something went wrong on our side.' },
  overloaded: { status: 503, title: 'Too many requests are being served; try again.' },
  unavailable: { status: 503, title: 'A part of the service is out of reach; try again.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Numeric codes of the compatible mobile authentication surface (vendor contract A7). */
export const MOBILE_AUTHENTICATION_ERRORS = {
  1000: { status: 404, error: 'not_found', description: 'Mobile authentication is switched off.' },
  1001: { status: 404, error: 'not_found', description: 'The user is unknown or can not be authenticated this way.' },
  1002: { status: 503, error: 'temporarily_unavailable', description: 'The push service did not take the message.' },
  1003: { status: 400, error: 'invalid_request', description: 'A parameter is missing or invalid.' },
  1005: { status: 400, error: 'invalid_request', description: 'The message is too long.' },
  3000: { status: 404, error: 'not_found', description: 'Authentication by SMS is switched off.' },
  3001: { status: 400, error: 'invalid_request', description: 'The phone number is missing or invalid.' },
  3002: { status: 503, error: 'temporarily_unavailable', description: 'The SMS could not be sent.' },
  3003: { status: 404, error: 'not_found', description: 'The verification code is wrong.' },
  3004: { status: 404, error: 'not_found', description: 'The transaction is unknown.' },
  3005: { status: 404, error: 'not_found', description: 'The mobile authentication type is unknown.' },
  3006: { status: 403, error: 'access_denied', description: 'The message may not be sent again.' },
  4001: { status: 404, error: 'not_found', description: 'The configuration asks for version 4 of this API or higher.' },
} as const satisfies Record<number, { status: number; error: string; description: string }>;

export type MobileAuthenticationCode = keyof typeof MOBILE_AUTHENTICATION_ERRORS;

/** What is wrong with one field of a document. */
export interface FieldProblem {
  /** JSON pointer (RFC 6901) as a URI fragment, such as `#/timeToLiveSeconds`. */
  readonly pointer: string;
  /** Never the value. */
  readonly detail: string;
}

/** A caller's mistake, or our own unavailability, told by its code. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** Names the field, never the value. */
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Every field at fault, where a whole document was looked at. */
  readonly errors: readonly FieldProblem[] | undefined;
  /** Name of the event that tells more exactly than the code why. */
  readonly event: string | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    options?: ErrorOptions & {
      readonly retryAfterSeconds?: number;
      readonly errors?: readonly FieldProblem[];
      readonly event?: string;
    },
  ) {
    super(detail ? `${code}: ${detail}` : code, options);
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.errors = options?.errors;
    this.event = options?.event;
  }
}

/** The same for the mobile authentication surface, told by the vendor's number. */
export class MobileAuthenticationError extends Error {
  override readonly name = 'MobileAuthenticationError';
  readonly code: MobileAuthenticationCode;
  readonly detail: string | undefined;
  /** Name of the event that tells more exactly than the code why; null where it is told already. */
  readonly event: string | null | undefined;

  constructor(code: MobileAuthenticationCode, detail?: string, options?: { readonly event?: string | null }) {
    super(detail ? `${code}: ${detail}` : String(code));
    this.code = code;
    this.detail = detail;
    this.event = options?.event;
  }
}
