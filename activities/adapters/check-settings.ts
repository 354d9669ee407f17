import type { ZodError, ZodType } from 'zod';
import type { SettingsCheck } from './push-client.ts';

/** Whether settings are of this form. Tells their faults in one line, by the names of fields: values may be secrets. */
export function checkSettings(schema: ZodType, settings: unknown): SettingsCheck {
  const parsed = schema.safeParse(settings);
  return parsed.success ? { ok: true } : { ok: false, reason: whatIsWrong(parsed.error) };
}

function whatIsWrong({ issues }: ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`).join('; ');
}
