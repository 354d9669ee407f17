import type { ZodError } from 'zod';

/** The faults of settings in one line, by the names of their fields; values may be secrets and are not repeated. */
export function whatIsWrong({ issues }: ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`).join('; ');
}
