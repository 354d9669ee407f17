import type { RefusalEvents } from '../../record-refusals.ts';

/** An app in a version that is not served is told apart on every route. */
const APP_VERSION_REFUSED = 'APP_VERSION_REFUSED';

type Names = Readonly<Record<string, string>>;

/** What has no row is a malformed request. */
const byCode = (names: Names, otherwise: string) => (code: string) =>
  code === 'app_version_disabled' ? APP_VERSION_REFUSED : (names[code] ?? otherwise);

/** Refusals of `POST /enrolments`; whether pushes were wanted decides on some. */
export const enrolmentRefusal: RefusalEvents = (code, { body }) => {
  if (code === 'method_not_allowed') return undefined;
  const wantsPush = (body as { pushToken?: unknown } | undefined)?.pushToken !== undefined;
  if (code === 'user_already_enrolled' && !wantsPush) return 'KEY_ENROLLMENT_FAILURE_UPDATE_DISABLED';
  return byCode(
    {
      enrolment_disabled: 'KEY_ENROLLMENT_FAILURE_DISABLED',
      push_enrolment_disabled: 'PUSH_ENROLLMENT_FAILURE_FEATURE_DISABLED',
      ticket_invalid: 'KEY_ENROLLMENT_FAILURE_INVALID_TOKEN',
      access_token_invalid: 'KEY_ENROLLMENT_FAILURE_INVALID_TOKEN',
      user_already_enrolled: 'PUSH_ENROLLMENT_FAILURE_USER_ALREADY_ENROLLED',
      device_already_enrolled: 'PUSH_ENROLLMENT_FAILURE_EXISTING_PUSH_TOKEN',
    },
    'KEY_ENROLLMENT_FAILURE_INVALID_REQUEST',
  )(code);
};

const FIRST_PUSH_TOKEN: Names = {
  push_enrolment_disabled: 'PUSH_ENROLLMENT_FAILURE_FEATURE_DISABLED',
  proof_invalid: 'PUSH_ENROLLMENT_FAILURE_INVALID_ACCESS_TOKEN',
  proof_replayed: 'PUSH_ENROLLMENT_FAILURE_INVALID_ACCESS_TOKEN',
  enrolment_unknown: 'PUSH_ENROLLMENT_FAILURE_KEYS_NOT_EXCHANGED',
  device_already_enrolled: 'PUSH_ENROLLMENT_FAILURE_EXISTING_PUSH_TOKEN',
  user_already_enrolled: 'PUSH_ENROLLMENT_FAILURE_USER_ALREADY_ENROLLED',
};
const OTHER_PUSH_TOKEN: Names = {
  enrolment_unknown: 'PUSH_ENROLLMENT_UPDATE_FAILURE_NOT_ENROLLED',
  device_already_enrolled: 'PUSH_ENROLLMENT_UPDATE_FAILURE_EXISTING_PUSH_TOKEN',
};

/** Refusals of `/push-token`: of the first token, or of a change of it. */
export const pushTokenRefusal: RefusalEvents = (code, { method, body }) => {
  if (method !== 'PUT') return undefined;
  const isChange = (body as { oldPushToken?: unknown } | undefined)?.oldPushToken !== undefined;
  return isChange
    ? byCode(OTHER_PUSH_TOKEN, 'PUSH_ENROLLMENT_UPDATE_FAILURE_INVALID_REQ')(code)
    : byCode(FIRST_PUSH_TOKEN, 'PUSH_ENROLLMENT_FAILURE_INVALID_REQ')(code);
};

/** Refusals of `POST /keys`. */
export const keysRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST'
    ? byCode(
        {
          proof_invalid: 'ENROLLMENT_UPDATE_FAILURE_INVALID_TOKEN',
          proof_replayed: 'ENROLLMENT_UPDATE_FAILURE_INVALID_TOKEN',
          enrolment_unknown: 'ENROLLMENT_UPDATE_FAILURE_INVALID_TOKEN',
        },
        'ENROLLMENT_UPDATE_FAILURE_INVALID_REQ',
      )(code)
    : undefined;

/** Refusals of `POST /transactions/{id}/fetch`. */
export const fetchRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST'
    ? byCode(
        {
          challenge_already_fetched: 'MOBILE_AUTH_FETCH_FAILED_TRANSACTION_ALREADY_FETCHED',
          transaction_expired: 'MOBILE_AUTH_FETCH_FAILED_TRANSACTION_EXPIRED',
          enrolment_unknown: 'MOBILE_AUTH_FETCH_FAILED_NO_USER_CLIENT_KEYS',
          proof_invalid: 'MOBILE_AUTH_FETCH_FAILED_INVALID_CLIENT_ID',
          proof_replayed: 'MOBILE_AUTH_FETCH_FAILED_INVALID_CLIENT_ID',
        },
        'MOBILE_AUTH_FETCH_FAILED_INVALID_TRANSACTION',
      )(code)
    : undefined;

/** Refusals of `POST /otp`. */
export const otpRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST'
    ? byCode(
        {
          challenge_already_fetched: 'MOBILE_AUTH_FETCH_FAILED_TRANSACTION_ALREADY_FETCHED',
          enrolment_unknown: 'MOBILE_AUTH_FETCH_FAILED_NO_USER_CLIENT_KEYS',
          proof_invalid: 'OTP_AUTH_NOT_AUTHENTICATED_INVALID_ACCESS_TOKEN',
          proof_replayed: 'OTP_AUTH_NOT_AUTHENTICATED_INVALID_ACCESS_TOKEN',
        },
        'OTP_AUTH_NOT_AUTHENTICATED_INVALID_OTP',
      )(code)
    : undefined;

/** An answer that was heard and settled nothing: also the event of a wrong PIN, number or custom proof. */
export const ANSWER_REFUSED = 'MOBILE_AUTH_ANSWER_REFUSED';

/** An approval whose signature is not over the portal's data, or not by this phone's key. */
export const SIGNATURE_REFUSED = 'PUSH_AUTH_TRANSACTION_SIGNING_FAILED_INVALID_SIGNATURE';

/** Refusals of `POST /transactions/{id}/answer`. */
export const answerRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST'
    ? byCode(
        {
          transaction_unknown: 'PUSH_AUTH_NOT_AUTHENTICATED_INVALID_TRANSACTION',
          transaction_expired: 'PUSH_AUTH_NOT_AUTHENTICATED_TRANSACTION_EXPIRED',
          transaction_already_settled: 'PUSH_AUTH_NOT_AUTHENTICATED_INVALID_STATE',
          challenge_not_read: 'PUSH_AUTH_NOT_AUTHENTICATED_INVALID_STATE',
          too_many_answers: 'PUSH_AUTH_NOT_AUTHENTICATED_INVALID_STATE',
          answer_undecryptable: 'PUSH_AUTH_NOT_AUTHENTICATED_FAILED_TO_DECRYPT_MESSAGE',
          enrolment_unknown: 'PUSH_AUTH_NOT_AUTHENTICATED_NO_USER_CLIENT_KEYS',
          proof_invalid: 'MOBILE_AUTH_NOT_AUTHENTICATED_INVALID_TOKEN',
          proof_replayed: 'MOBILE_AUTH_NOT_AUTHENTICATED_INVALID_TOKEN',
        },
        ANSWER_REFUSED,
      )(code)
    : undefined;
