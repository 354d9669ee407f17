import { ERRORS } from '../../runtime/errors.ts';
import { localError, problemError } from '../../sdk/errors.ts';

/** Codes of other surfaces, which a phone never meets. */
const NOT_FOR_PHONES = [
  ...['client_unauthenticated', 'idempotency_key_reused', 'action_forbidden', 'device_unknown', 'resource_unknown'],
  ...['signature_invalid', 'sms_budget_exceeded', 'redelivery_underway', 'redeliveries_used_up', 'resource_exists'],
  ...['resource_referenced', 'secret_rotation_open', 'precondition_failed', 'precondition_required'],
  ...['too_many_failures', 'user_asked_too_often', 'user_blocked', 'session_required', 'operator_unauthenticated'],
  ...['origin_refused', 'resend_limit_reached', 'resend_failed'],
];

it('numbers every code that the server can tell a phone', () => {
  const fallback = problemError('unheard_of', '', { status: 400 }).number;
  const wrong = problemError('unheard_of', '', { status: 500 }).number;
  expect([fallback, wrong]).toEqual([10015, 9001]);
  const invalid = Object.entries(ERRORS)
    .filter(([code]) => !NOT_FOR_PHONES.includes(code))
    .filter(([code, { status }]) => status !== 400 && problemError(code, '', { status }).number === fallback)
    .map(([code]) => code);
  // What is wrong with the request itself, and nothing else, has the number of a wrong request.
  expect(invalid.sort()).toEqual([
    'body_too_large',
    'challenge_not_read',
    'media_type_unsupported',
    'proof_invalid',
    'proof_replayed',
    'too_many_answers',
  ]);
});

it.each([
  ['user_already_enrolled', 409, 9018],
  ['device_already_enrolled', 409, 9016],
  ['pin_not_set', 409, 9010],
  ['pin_challenge_stale', 409, 9007],
  ['pin_change_invalid', 400, 10015],
  ['access_token_invalid', 401, 9010],
  ['app_version_disabled', 403, 9004],
  ['enrolment_disabled', 403, 9017],
  ['mobile_authentication_disabled', 403, 9017],
  ['push_token_mismatch', 409, 9016],
  ['enrolment_unknown', 401, 9020],
  ['otp_invalid', 404, 10013],
  ['otp_already_claimed', 409, 9029],
  ['transaction_unknown', 404, 10013],
  ['transaction_expired', 410, 10013],
  ['transaction_already_settled', 409, 10013],
  ['request_invalid', 400, 10015],
])('gives %s (%i) the number %i', (code, status, number) => {
  expect(problemError(code, 'title', { status })).toMatchObject({ code, number, status, message: 'title' });
});

it('keeps what lies below an error', () => {
  const cause = new Error('below');
  expect(localError('network_failed', 'text', { cause }).cause).toBe(cause);
});
