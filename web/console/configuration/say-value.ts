import { isSecretMark } from './changes.ts';

/** A value of a document for people to read. Secrets are never shown. */
export function sayValue(value: unknown, isSecret = false): string {
  if (value === undefined || value === null || value === '') return '—';
  if (isSecretMark(value)) return value.set ? 'set' : 'not set';
  if (isSecret) return 'another one';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || '—';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '—' : JSON.stringify(value, null, 2);
  return String(value);
}
