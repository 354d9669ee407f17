import { displayNameOf } from '../routes/events/event-item.ts';

/** What an entry of a timeline is about. */
export type TimelineKind =
  | 'begun'
  | 'push'
  | 'sms'
  | 'fetched'
  | 'answered'
  | 'settled'
  | 'callback'
  | 'portal'
  | 'operator'
  | 'other';

export interface EventWords {
  readonly kind: TimelineKind;
  readonly title: string;
}

/** Callbacks are told by their own log, and of two events that tell of one thing one is enough. */
const UNTOLD: ReadonlySet<string> = new Set([
  'PUSH_AUTH_CALLBACK_SENT',
  'PUSH_AUTH_CALLBACK_FAILED',
  'PUSH_AUTH_RESEND_SUCCESS',
]);

const WORDS: ReadonlyMap<string, EventWords> = new Map<string, EventWords>([
  ['PUSH_AUTH_INITIALIZED', { kind: 'begun', title: 'Begun by push' }],
  ['SMS_AUTH_INITIALIZED', { kind: 'begun', title: 'Begun by SMS' }],
  ['OTP_AUTH_INITIALIZED', { kind: 'begun', title: 'Begun by one-time code' }],
  ['PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION', { kind: 'push', title: 'The provider took the push' }],
  ['PUSH_AUTH_PUSH_SERVICE_FAILURE', { kind: 'push', title: 'The provider refused the push' }],
  ['SMS_AUTH_INIT_MESSAGE_SENT', { kind: 'sms', title: 'The gateway took the SMS' }],
  ['SMS_RESEND_SUCCEEDED', { kind: 'sms', title: 'The gateway took the SMS once more' }],
  ['SMS_AUTH_INIT_FAILURE_FAILED_TO_SEND_SMS', { kind: 'sms', title: 'No gateway took the SMS' }],
  ['SMS_AUTH_INIT_FAILURE_DISABLED', { kind: 'sms', title: 'No SMS: switched off' }],
  ['SMS_RESEND_FAILED', { kind: 'sms', title: 'The SMS was not sent once more' }],
  ['SMS_DELIVERY_FAILED', { kind: 'sms', title: 'The SMS did not arrive' }],
  ['MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED', { kind: 'fetched', title: 'The phone fetched the challenge' }],
  ['MOBILE_AUTH_ANSWER_REFUSED', { kind: 'answered', title: 'An answer was refused' }],
  ['SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE', { kind: 'answered', title: 'A wrong code' }],
  ['SMS_AUTH_VALIDATION_LIMIT_EXCEEDED', { kind: 'answered', title: 'The last wrong code' }],
  ['MOBILE_AUTH_AUTHENTICATED', { kind: 'settled', title: 'Approved' }],
  ['SMS_AUTH_AUTHENTICATED', { kind: 'settled', title: 'Approved by SMS' }],
  ['MOBILE_AUTH_NOT_AUTHENTICATED', { kind: 'settled', title: 'Denied' }],
  ['MOBILE_AUTH_FAILED', { kind: 'settled', title: 'Failed' }],
  ['MOBILE_AUTH_EXPIRED', { kind: 'settled', title: 'Expired' }],
  ['MOBILE_AUTH_CANCELLED', { kind: 'settled', title: 'Cancelled' }],
  ['PUSH_AUTH_TRANSACTION_RETRIEVED', { kind: 'portal', title: 'The portal read the result' }],
  ['CALLBACK_REDELIVERY_REQUESTED', { kind: 'callback', title: 'The callback is delivered once more' }],
  ['ADMIN_TRANSACTION_CANCELLED', { kind: 'operator', title: 'An operator cancels' }],
  ['ADMIN_TRANSACTION_RESENT', { kind: 'operator', title: 'An operator sends again' }],
  ['ADMIN_CALLBACK_REDELIVERED', { kind: 'operator', title: 'An operator calls the portal back again' }],
]);

/** What to call an event in a timeline; undefined where it has no place there. */
export function wordsOf(eventName: string): EventWords | undefined {
  if (UNTOLD.has(eventName)) return undefined;
  const kind = eventName.startsWith('ADMIN_') ? 'operator' : 'other';
  return WORDS.get(eventName) ?? { kind, title: displayNameOf(eventName) };
}
