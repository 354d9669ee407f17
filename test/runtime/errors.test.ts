import { AppError, ERRORS, MOBILE_AUTHENTICATION_ERRORS, MobileAuthenticationError } from '../../runtime/errors.ts';

/** The public contract: codes are added here, and never changed or taken away. */
const CONTRACT = {
  request_invalid: 400,
  answer_invalid: 400,
  answer_undecryptable: 400,
  pin_change_invalid: 400,
  client_unauthenticated: 401,
  proof_invalid: 401,
  proof_replayed: 401,
  enrolment_unknown: 401,
  access_token_invalid: 401,
  session_required: 401,
  operator_unauthenticated: 401,
  signature_invalid: 403,
  ticket_invalid: 403,
  origin_refused: 403,
  app_version_disabled: 403,
  enrolment_disabled: 403,
  push_enrolment_disabled: 403,
  mobile_authentication_disabled: 403,
  action_forbidden: 403,
  resource_unknown: 404,
  user_blocked: 403,
  route_unknown: 404,
  otp_invalid: 404,
  otp_already_claimed: 409,
  transaction_unknown: 404,
  method_not_allowed: 405,
  transactions_pending: 409,
  pin_already_set: 409,
  pin_not_set: 409,
  pin_challenge_stale: 409,
  user_already_enrolled: 409,
  device_already_enrolled: 409,
  push_token_mismatch: 409,
  transaction_already_settled: 409,
  transaction_pending: 409,
  challenge_already_fetched: 409,
  challenge_not_read: 409,
  resend_limit_reached: 409,
  resend_failed: 409,
  redelivery_underway: 409,
  redeliveries_used_up: 409,
  idempotency_key_reused: 409,
  resource_exists: 409,
  resource_referenced: 409,
  secret_rotation_open: 409,
  transaction_expired: 410,
  precondition_failed: 412,
  body_too_large: 413,
  media_type_unsupported: 415,
  sms_budget_exceeded: 429,
  precondition_required: 428,
  too_many_failures: 429,
  user_asked_too_often: 429,
  too_many_answers: 429,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
} as const;

/** The vendor's numbers. */
const MOBILE_AUTHENTICATION_CONTRACT = {
  1000: [404, 'not_found'],
  1001: [404, 'not_found'],
  1002: [503, 'temporarily_unavailable'],
  1003: [400, 'invalid_request'],
  1005: [400, 'invalid_request'],
  3000: [404, 'not_found'],
  3001: [400, 'invalid_request'],
  3002: [503, 'temporarily_unavailable'],
  3003: [404, 'not_found'],
  3004: [404, 'not_found'],
  3005: [404, 'not_found'],
  3006: [403, 'access_denied'],
  4001: [404, 'not_found'],
} as const;

it.each(Object.entries(CONTRACT))('%s is a %d', (code, status) => {
  expect(ERRORS).toHaveProperty([code, 'status'], status);
});

it.each(Object.entries(MOBILE_AUTHENTICATION_CONTRACT))('%s is a %j', (code, [status, error]) => {
  expect(MOBILE_AUTHENTICATION_ERRORS).toHaveProperty([code, 'status'], status);
  expect(MOBILE_AUTHENTICATION_ERRORS).toHaveProperty([code, 'error'], error);
});

it.each(Object.entries(ERRORS))(
  '%s is a word, an error status and a sentence of its own',
  (code, { status, title }) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*\.$/);
    expect(Object.values(ERRORS).filter((other) => other.title === title)).toHaveLength(1);
  },
);

it.each(Object.entries(MOBILE_AUTHENTICATION_ERRORS))('%s has a sentence of its own', (_code, { description }) => {
  expect(description).toMatch(/^[A-Z].*\.$/);
  expect(Object.values(MOBILE_AUTHENTICATION_ERRORS).filter((other) => other.description === description)).toHaveLength(
    1,
  );
});

it('carries code, field, cause and how long to wait', () => {
  const cause = new Error('below');
  const error = new AppError('unavailable', 'database', { cause, retryAfterSeconds: 2 });
  expect(error).toMatchObject({
    name: 'AppError',
    code: 'unavailable',
    detail: 'database',
    retryAfterSeconds: 2,
    message: 'unavailable: database',
    cause,
  });
  expect(new AppError('internal')).toMatchObject({ message: 'internal', detail: undefined });
  expect(new AppError('internal').retryAfterSeconds).toBeUndefined();
});

it('tells the errors of the compatible surface by number', () => {
  expect(new MobileAuthenticationError(3004)).toMatchObject({
    name: 'MobileAuthenticationError',
    code: 3004,
    message: '3004',
  });
  expect(new MobileAuthenticationError(1003, 'type').message).toBe('1003: type');
});
