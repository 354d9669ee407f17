import { ConsoleRefusal } from './call-console.ts';

const WORDS: Readonly<Record<string, string>> = {
  session_required: 'Your session has ended. Log in again; what you have typed is still here.',
  action_forbidden: 'Your role does not allow this.',
  resource_exists: 'There is one of this name.',
  resource_referenced: 'Something else refers to it. Change that first.',
  resource_unknown: 'It does not exist, or not any more.',
  overloaded: 'The server is busy. Try again in a moment.',
  unavailable: 'The server is not ready. Try again in a moment.',
  too_many_failures: 'Too many failures. Wait a minute, then try again.',
  operator_unauthenticated: 'Name or password is wrong.',
};

/** What a refusal means to an operator. */
export function sayRefusal(error: unknown): string {
  if (!(error instanceof ConsoleRefusal)) return 'Something went wrong in this page. Load it again.';
  const { title, detail } = error.problem;
  return WORDS[error.code] ?? ([title, detail].filter(Boolean).join(' ') || error.message);
}
