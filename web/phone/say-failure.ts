import { DeviceError } from '../../sdk/index.ts';
import { ApiRefusal } from '../kit/call-api.ts';

const WORDS: Readonly<Record<string, string>> = {
  network_failed: 'There is no connection to the server. Try again in a moment.',
  server_unreachable: 'The server can not be reached. Try again in a moment.',
  unavailable: 'The service is busy. Try again in a moment.',
  overloaded: 'The service is busy. Try again in a moment.',
  ticket_invalid: 'This ticket is not valid any more. Ask for a new one.',
  user_already_enrolled: 'This user has a phone already.',
  otp_not_handleable: 'This is not a code of this service.',
  otp_invalid: 'This code is not valid any more.',
  otp_already_claimed: 'Another phone was first to read this code.',
  transaction_expired: 'The time for this request is over.',
  transaction_already_settled: 'This request was answered already.',
  transaction_unknown: 'This request is not there any more.',
  challenge_already_fetched: 'This request was opened elsewhere.',
  enrolment_unknown: 'This phone is not enrolled any more.',
  not_enrolled: 'This phone is not enrolled any more.',
  pin_already_set: 'This phone has a PIN already.',
  pin_refused: 'This PIN is too simple. Take five digits or more, not in a row and not all the same.',
  reply_untrusted: 'The reply could not be verified. Nothing was answered.',
};

/** What went wrong, in words for whoever holds the phone. */
export function sayFailure(error: unknown): string {
  if (error instanceof DeviceError || error instanceof ApiRefusal) {
    return WORDS[error.code] ?? `That did not work (${error.code || 'unknown'}).`;
  }
  reportError(error);
  return 'That did not work.';
}
