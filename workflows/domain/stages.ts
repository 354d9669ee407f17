/** What a portal may show its user of a transaction on its way, told from the events. */

/**
 * `queued`: it has begun. `accepted`: the provider has taken the push or the SMS; again with each resend. `send_failed`: it
 * has not, or the SMS did not arrive. `delivered`: the SMS is on the phone, where the gateway tells. `fetched`: the phone
 * has read the challenge. `answered`: an answer or a code came; `refused` where it was wrong. `settled`: the outcome stands.
 * `called_back`, `callback_failed`: an attempt to tell the portal.
 */
export type StageName =
  | 'queued'
  | 'accepted'
  | 'send_failed'
  | 'delivered'
  | 'fetched'
  | 'answered'
  | 'settled'
  | 'called_back'
  | 'callback_failed';

const ANSWERED_AND_SETTLED: readonly StageName[] = ['answered', 'settled'];

/** Events that are no step of the way are left out. */
const STAGES: ReadonlyMap<string, readonly StageName[]> = new Map<string, readonly StageName[]>([
  ['PUSH_AUTH_INITIALIZED', ['queued']],
  ['OTP_AUTH_INITIALIZED', ['queued']],
  ['SMS_AUTH_INITIALIZED', ['queued']],
  ['PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION', ['accepted']],
  ['SMS_AUTH_INIT_MESSAGE_SENT', ['accepted']],
  ['SMS_RESEND_SUCCEEDED', ['accepted']],
  ['PUSH_AUTH_PUSH_SERVICE_FAILURE', ['send_failed']],
  ['SMS_AUTH_INIT_FAILURE_FAILED_TO_SEND_SMS', ['send_failed']],
  ['SMS_RESEND_FAILED', ['send_failed']],
  ['SMS_DELIVERY_FAILED', ['send_failed']],
  ['SMS_DELIVERED', ['delivered']],
  ['MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED', ['fetched']],
  ['MOBILE_AUTH_ANSWER_REFUSED', ['answered']],
  ['SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE', ['answered']],
  ['MOBILE_AUTH_AUTHENTICATED', ANSWERED_AND_SETTLED],
  ['SMS_AUTH_AUTHENTICATED', ANSWERED_AND_SETTLED],
  ['MOBILE_AUTH_NOT_AUTHENTICATED', ANSWERED_AND_SETTLED],
  ['MOBILE_AUTH_FAILED', ['settled']],
  ['MOBILE_AUTH_EXPIRED', ['settled']],
  ['MOBILE_AUTH_CANCELLED', ['settled']],
  ['PUSH_AUTH_CALLBACK_SENT', ['called_back']],
  ['PUSH_AUTH_CALLBACK_FAILED', ['callback_failed']],
]);

/** The stages that an event tells of, in their order; none for an event that is no step of the way. */
export function stagesOf(eventName: string): readonly StageName[] {
  return STAGES.get(eventName) ?? [];
}

const REFUSED: ReadonlySet<string> = new Set([
  'MOBILE_AUTH_ANSWER_REFUSED',
  'SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE',
]);

/** True where the answer or code that an event tells of was not taken. */
export function isRefusal(eventName: string): boolean {
  return REFUSED.has(eventName);
}
