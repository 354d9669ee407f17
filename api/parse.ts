import type { z } from 'zod';
import { AppError } from '../runtime/errors.ts';

/** The parsed value, or `request_invalid` that names the first field at fault and never its value. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('request_invalid', parsed.error.issues[0]?.path.join('.') || 'body');
}
