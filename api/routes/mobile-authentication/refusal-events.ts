import { ASKING_REFUSALS } from '../../asking-refusals.ts';
import type { RefusalEvents } from '../../record-refusals.ts';

const BEGIN: Readonly<Record<string, string>> = {
  1000: 'PUSH_AUTH_INIT_FAILURE_DISABLED',
  1001: 'PUSH_AUTH_INIT_FAILURE_NO_PUSH_ENROLLMENT',
  1005: 'PUSH_AUTH_INIT_FAILURE_MESSAGE_TOO_LONG',
  3000: 'SMS_AUTH_INIT_FAILURE_DISABLED',
  3001: 'SMS_AUTH_INIT_FAILURE_PHONE_NUMBER_INVALID_OR_MISSING',
  3005: 'MOBILE_AUTH_INIT_FAILURE_INVALID_AUTH_PROPERTIES_NAME',
  ...ASKING_REFUSALS,
};

/** Failed client authentication is the same event on every surface of API clients. */
export const API_AUTHENTICATION_FAILED = 'API_AUTHENTICATION_FAILED';

/** Refusals of `POST /user`; where a code has several causes, the error names its event itself. */
export const beginRefusal: RefusalEvents = (code, request) => {
  const { method } = request;
  // A budget that is used up is found, and told, by the worker.
  if (method !== 'POST' || code === 'sms_budget_exceeded' || surfaceRefusal(code, request)) return undefined;
  return BEGIN[code] ?? 'MOBILE_AUTH_INIT_FAILURE_INVALID_REQ';
};

/** Refusals of `POST /user/{userId}/push/resend`. */
export const resendRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST' && code === '3006' ? 'PUSH_AUTH_RESEND_FAILURE_RESEND_LIMIT_REACHED' : undefined;

/** Refusals of `POST /user/{userId}/sms`; a wrong code is told where it is charged. */
export const smsCodeRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST' && (code === '1003' || code === '3004') ? 'SMS_AUTH_FAILURE_INVALID_TRANSACTION' : undefined;

/** Refusals of `POST /user/{userId}/sms/resend`. */
export const smsResendRefusal: RefusalEvents = (code, { method }) =>
  method === 'POST' && ['3004', '3005', '3006'].includes(code) ? 'SMS_RESEND_FAILED' : undefined;

/** Refusals of `GET /transaction/{transactionId}`. */
export const resultRefusal: RefusalEvents = (code, { method }) =>
  method === 'GET' && code === '3004' ? 'PUSH_AUTH_TRANSACTION_NOT_RETRIEVED' : undefined;

/** What is the same on the whole surface. */
export const surfaceRefusal: RefusalEvents = (code) => {
  if (code === 'client_unauthenticated') return API_AUTHENTICATION_FAILED;
  return code === '4001' ? 'INVALID_API_VERSION_BASED_ON_SERVER_CONFIG' : undefined;
};
