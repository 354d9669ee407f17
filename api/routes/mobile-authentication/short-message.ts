import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { AuthenticationType } from '../../ports.ts';
import type { BeginRequest } from './begin-request.ts';

/** The message of a begin, or the type's in the language asked for, English last; 1003 for none, 1005 for one too long. */
export function shortMessageOf(form: BeginRequest, type: AuthenticationType, maxLength: number): string {
  const message = form.message ?? type.defaultMessages[form.language_code] ?? type.defaultMessages.en;
  if (message === undefined) throw new MobileAuthenticationError(1003, 'The parameter message is missing or invalid.');
  // Counted as a reader counts, not in UTF-16 halves.
  if ([...message].length > maxLength) throw new MobileAuthenticationError(1005);
  return message;
}
