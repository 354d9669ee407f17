import { localError } from './errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** `value` as an object; throws `reply_malformed`. */
export function readObject(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw localError('reply_malformed', `The ${what} is not an object.`);
  }
  return value as Fields;
}

/** A field that must be a text, not empty; throws `reply_malformed`. */
export function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') {
    throw localError('reply_malformed', `The reply has no ${name}.`, { detail: name });
  }
  return value;
}

/** A field that must be a moment in RFC 3339; throws `reply_malformed`. */
export function readMoment(fields: Fields, name: string): string {
  const value = readText(fields, name);
  if (Number.isNaN(Date.parse(value))) {
    throw localError('reply_malformed', `The ${name} of the reply is not a moment.`, { detail: name });
  }
  return value;
}
