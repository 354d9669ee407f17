/** What the device client throws. */
import type { AnswerReply } from '../runtime/device-wire.ts';

/** What a custom authenticator has to say to the app. */
export type CustomInfo = NonNullable<AnswerReply['custom']>;

/**
 * Codes of the server's problems as the vendor's SDKs number them, wherever the meaning is the same:
 * 9000–9999 may be shown to the user, 10000 and above point to the app or its configuration.
 */
const NUMBER_OF_PROBLEM: Readonly<Record<string, number>> = {
  request_invalid: 10015,
  answer_invalid: 10015,
  answer_undecryptable: 10015,
  pin_change_invalid: 10015,
  proof_invalid: 10015,
  proof_replayed: 10015,
  challenge_not_read: 10015,
  too_many_answers: 10015,
  body_too_large: 10015,
  media_type_unsupported: 10015,
  route_unknown: 10001,
  method_not_allowed: 10001,
  access_token_invalid: 9010,
  ticket_invalid: 9010,
  app_version_disabled: 9004,
  enrolment_disabled: 9017,
  push_enrolment_disabled: 9017,
  mobile_authentication_disabled: 9017,
  pin_already_set: 9007,
  pin_challenge_stale: 9007,
  pin_not_set: 9010,
  transactions_pending: 9007,
  user_already_enrolled: 9018,
  device_already_enrolled: 9016,
  push_token_mismatch: 9016,
  enrolment_unknown: 9020,
  otp_invalid: 10013,
  otp_already_claimed: 9029,
  transaction_unknown: 10013,
  transaction_expired: 10013,
  transaction_already_settled: 10013,
  transaction_pending: 10013,
  challenge_already_fetched: 9029,
  internal: 9001,
  overloaded: 9001,
  unavailable: 9001,
};

/** Codes that arise on the phone itself. */
const NUMBER_OF_LOCAL_CODE = {
  /** The connection broke or timed out. */
  network_failed: 9000,
  /** Nothing answers at the server's address. */
  server_unreachable: 9001,
  /** The server answered with a failure that is no problem of its own, for instance from a proxy. */
  server_failed: 9001,
  /** Too many wrong PINs: the server has ended the enrolment, and this phone must enrol anew. */
  user_deregistered: 9003,
  /** The user has called the challenge off; the request is denied for that reason. */
  cancelled: 9006,
  /** As many requests as may wait, wait already. */
  queue_full: 9007,
  /** Several changes of the PIN are under way already. */
  pin_change_in_progress: 9007,
  /** The PIN is too short, too long or too simple. */
  pin_refused: 9009,
  /** There is no PIN that could be changed. */
  pin_not_set: 9010,
  /** The method asks for a PIN, a number or the like, and the app gave none. */
  proof_missing: 9010,
  /** The last wrong number: the request has failed. */
  attempts_used_up: 9010,
  /** This phone holds an enrolment already. */
  already_enrolled_here: 9016,
  not_enrolled: 9021,
  /** This phone has no biometric key: the PIN stands in. */
  biometric_deregistered: 9022,
  /** The custom authenticator said no: the PIN stands in. */
  custom_failed: 9027,
  /** This request is being handled, or waits to be. */
  request_in_progress: 9029,
  /** The biometric proof was not taken: the PIN stands in. */
  biometric_failed: 9030,
  /** The reply is not in the protocol's form: probably the wrong server address. */
  reply_malformed: 10001,
  /** The user has not answered in time. */
  request_expired: 10013,
  /** The push is not for this client, or not in its form. */
  push_not_handleable: 10018,
  /** The text is no one-time code of this service. */
  otp_not_handleable: 10018,
  /** The app has no receiver for what this request asks of its user, or none that the phone can serve. */
  request_not_handleable: 10018,
  /** The challenge of a picture is over; the server would not take its code. */
  challenge_expired: 10013,
  /** A sealed reply was not made by the enrolled server for this very request. */
  reply_untrusted: 10018,
} as const;

/** Codes of {@link DeviceError} that arise on the phone itself. */
export type LocalCode = keyof typeof NUMBER_OF_LOCAL_CODE;

/** All of them, by number. */
export const LOCAL_CODES = Object.keys(NUMBER_OF_LOCAL_CODE) as readonly LocalCode[];

/** What is known of an error beside its code. */
export interface DeviceErrorDetails {
  /** HTTP status, where the server answered. */
  readonly status?: number;
  /** Names the field, never a value. */
  readonly detail?: string;
  /** When the server asked to come back. */
  readonly retryAfterSeconds?: number;
  /** What the custom authenticator said. */
  readonly custom?: CustomInfo;
  readonly cause?: unknown;
}

/** A refusal or failure of a device operation; `code` tells which, `number` is the vendor's for the same meaning. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  /** The server's problem code, or one of {@link LocalCode}. */
  readonly code: string;
  readonly number: number;
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly custom: CustomInfo | undefined;

  /** Made by the client alone. */
  constructor(code: string, number: number, message: string, details: DeviceErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.number = number;
    this.status = details.status;
    this.detail = details.detail;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.custom = details.custom;
  }
}

/** An error that arose on the phone. */
export function localError(code: LocalCode, message: string, details?: DeviceErrorDetails): DeviceError {
  return new DeviceError(code, NUMBER_OF_LOCAL_CODE[code], message, details);
}

/** The error of a problem that the server told; a code this client does not know is told by its kind of status. */
export function problemError(
  code: string,
  title: string,
  details: DeviceErrorDetails & { status: number },
): DeviceError {
  const number = NUMBER_OF_PROBLEM[code] ?? (details.status >= 500 ? 9001 : 10015);
  return new DeviceError(code, number, title, details);
}
