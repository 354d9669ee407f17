import { ApiRefusal } from '../kit/call-api.ts';

const WORDS: Readonly<Record<string, string>> = {
  no_phone:
    'This user has no phone that can be asked this way. Enrol one, and set its PIN or fingerprint where needed.',
  '1001': 'This user has no phone that can be asked this way. Enrol one first.',
  '1002': 'The push could not be sent. Try again, or another way.',
  '3000': 'SMS are switched off.',
  '3001': 'This number can not be used. Write it as +31612345678.',
  '3002': 'The SMS could not be sent. Try again, or another way.',
  '3003': 'This code is wrong.',
  '3004': 'This request is over.',
  '3006': 'It was sent as often as it may be.',
  sms_budget_exceeded: 'Too many SMS went out. Try another way.',
  user_asked_too_often: 'This user was asked too often. Answer what waits, or try again later.',
  user_blocked: 'Somebody said "it was not me": this user is not asked any more until a helpdesk unlocks them.',
  unavailable: 'The service is busy. Try again in a moment.',
  overloaded: 'The service is busy. Try again in a moment.',
  network_failed: 'The bank can not be reached. Try again in a moment.',
};

/** Why the bank could not do it, in words for its customer. */
export function sayRefusal(error: unknown): string {
  if (error instanceof ApiRefusal) return WORDS[error.code] ?? `That did not work (${error.code || error.status}).`;
  reportError(error);
  return 'That did not work.';
}
