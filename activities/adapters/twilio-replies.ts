import type { SmsGatewayFailure } from '../ports.ts';

/** What Twilio's error codes mean (twilio.com/docs/api/errors). Codes that are not here are judged by the HTTP status. */
const BY_CODE: ReadonlyMap<number, SmsGatewayFailure> = new Map<number, SmsGatewayFailure>([
  // This sender can not be used, or not for this number: another one may.
  [21212, 'sender_refused'],
  [21267, 'sender_refused'],
  [21401, 'sender_refused'],
  [21603, 'sender_refused'],
  [21606, 'sender_refused'],
  [21612, 'sender_refused'],
  [21657, 'sender_refused'],
  [21659, 'sender_refused'],
  [21660, 'sender_refused'],
  [63007, 'sender_refused'],
  // The number itself: invalid, a landline, or its owner has said STOP.
  [21211, 'number_refused'],
  [21610, 'number_refused'],
  [21614, 'number_refused'],
  [21217, 'number_refused'],
  // The message.
  [21602, 'message_refused'],
  [21617, 'message_refused'],
  [21624, 'message_refused'],
  // The account.
  [20003, 'misconfigured'],
  [20404, 'misconfigured'],
  [21408, 'misconfigured'],
  [21609, 'misconfigured'],
  [21701, 'misconfigured'],
  // Its rate, or the queue of the sender.
  [20429, 'throttled'],
  [21611, 'throttled'],
]);

/** Reads a refusal by Twilio's code where it has one, by the HTTP status otherwise. */
export function failureOfTwilioReply(httpStatus: number, code: number | undefined): SmsGatewayFailure {
  const known = code === undefined ? undefined : BY_CODE.get(code);
  if (known) return known;
  if (httpStatus === 429) return 'throttled';
  // A success without a message id is not Twilio's: something stands in between.
  if (httpStatus >= 500 || httpStatus < 400) return 'gateway_unavailable';
  if (httpStatus === 401 || httpStatus === 403 || httpStatus === 404) return 'misconfigured';
  return 'message_refused';
}
