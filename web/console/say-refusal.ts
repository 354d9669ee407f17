import { ConsoleRefusal } from './call-console.ts';

const WORDS: Readonly<Record<string, string>> = {
  session_required: 'Your session has ended. Log in again; what you have typed is still here.',
  client_unauthenticated: 'You are not logged in any more.',
  action_forbidden: 'Your role does not allow this.',
  resource_exists: 'There is one of this name.',
  resource_referenced: 'Something else refers to it. Change that first.',
  precondition_failed: 'Somebody has changed it since. Look at it again first.',
  resource_unknown: 'It does not exist, or not any more.',
  overloaded: 'The server is busy. Try again in a moment.',
  unavailable: 'The server is not ready. Try again in a moment.',
  too_many_failures: 'Too many failures. Wait a minute, then try again.',
  origin_refused: 'This page was not opened by the address that the server has. Open it by that one.',
  request_invalid: 'Something in it is not accepted.',
  operator_unauthenticated: 'Name or password is wrong.',
};

/** What a refusal means to an operator. */
export function sayRefusal(error: unknown): string {
  if (!(error instanceof ConsoleRefusal)) return 'Something went wrong in this page. Load it again.';
  const { title, detail } = error.problem;
  if (error.code === 'request_invalid' && detail) return `This is not accepted: ${detail}`;
  return WORDS[error.code] ?? ([title, detail].filter(Boolean).join(' ') || error.message);
}
