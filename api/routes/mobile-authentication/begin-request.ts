import { z } from 'zod';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { identifier } from '../../identifier.ts';

const text = z.string().min(1);

const callbackUri = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine((uri) => {
    const { username, password, hash } = new URL(uri);
    return username === '' && password === '' && hash === '';
  });

const schema = z.object({
  type: identifier,
  user_id: identifier,
  device_id: identifier,
  callback_uri: callbackUri,
  message: text.optional(),
  secure_message: text.optional(),
  signing_data: text.optional(),
  language_code: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .default('en'),
});

export type BeginRequest = z.infer<typeof schema>;

/** The form of a begin, or 1003 with the name of the parameter at fault. Unknown parameters are ignored (RFC 6749, 3.2). */
export function parseBeginRequest(form: unknown): BeginRequest {
  const parsed = schema.safeParse(withoutEmpty(form));
  if (parsed.success) return parsed.data;
  const parameter = parsed.error.issues[0]?.path.join('.') || 'body';
  throw new MobileAuthenticationError(1003, `The parameter ${parameter} is missing or invalid.`);
}

/** A parameter without value counts as omitted (RFC 6749, 3.1). */
function withoutEmpty(form: unknown): unknown {
  return Object.fromEntries(Object.entries(form ?? {}).filter(([, value]) => value !== ''));
}

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]+$/);

/** The `Idempotency-Key` header, or 1003 when there is one and it is unusable. */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const parsed = idempotencyKey.safeParse(header);
  if (parsed.success) return parsed.data;
  throw new MobileAuthenticationError(1003, 'The header Idempotency-Key is invalid.');
}
