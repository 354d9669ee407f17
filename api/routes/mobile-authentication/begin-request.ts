import { z } from 'zod';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import { readPhoneNumber } from '../../../runtime/phone-number.ts';
import { identifier } from '../../identifier.ts';
import type { AuthenticationType } from '../../ports.ts';
import type { ApiVersion, PushTarget } from './push-target.ts';

const text = z.string().min(1);

const callbackUri = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine((uri) => {
    // This is asked too of what the check before has refused.
    if (!URL.canParse(uri)) return false;
    const { username, password, hash } = new URL(uri);
    return username === '' && password === '' && hash === '';
  });

/** The parameters of a begin, before its type has said what it takes. */
export const beginForm = z.object({
  type: identifier,
  user_id: identifier.optional(),
  device_id: identifier.optional(),
  app_id: identifier.optional(),
  callback_uri: callbackUri.optional(),
  phone_number: text.optional(),
  message: text.optional(),
  secure_message: text.optional(),
  signing_data: text.optional(),
  ip_address: text.optional(),
  user_agent: text.optional(),
  /** Ours: the reply then has a token for the stream of stages. */
  events: z.enum(['true', 'false']).optional(),
  language_code: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .default('en'),
});

/** The form of a begin, before its type has said what it takes. */
export type BeginRequest = z.infer<typeof beginForm>;

/** The form of a begin, or 1003 with the name of the parameter at fault. Unknown parameters are ignored (RFC 6749, 3.2). */
export function parseBeginRequest(form: unknown): BeginRequest {
  const parsed = beginForm.safeParse(withoutEmpty(form));
  if (parsed.success) return parsed.data;
  throw faultOf(parsed.error.issues[0]?.path.join('.') || 'body');
}

/** Whom a begin asks, and where the portal is called back. */
export type Asked =
  | {
      readonly by: 'push';
      readonly target: PushTarget;
      readonly callbackUri: string;
      /** E.164; null where the type does not fall back on SMS, or there is none. */
      readonly phoneNumber: string | null;
    }
  | { readonly by: 'sms'; readonly userId: string; readonly callbackUri: null; readonly phoneNumber: string }
  | { readonly by: 'otp'; readonly callbackUri: string };

/** What the type asks for (vendor contract A5), or 1003 with the name of the parameter at fault; 3001 for a phone number. */
export function parseAsked(form: BeginRequest, type: AuthenticationType, version: ApiVersion): Asked {
  const { method, fallback } = type;
  if (method === 'sms') {
    if (form.user_id === undefined) throw faultOf('user_id');
    return { by: 'sms', userId: form.user_id, callbackUri: null, phoneNumber: parsePhoneNumber(form.phone_number) };
  }
  if (form.callback_uri === undefined) throw faultOf('callback_uri');
  const callbackUri = form.callback_uri;
  if (method === 'otp') {
    if (form.user_id !== undefined) throw faultOf('user_id', 'OTP_AUTH_INIT_FAILURE');
    return { by: 'otp', callbackUri };
  }
  const hasNumber = fallback === 'sms' && form.phone_number !== undefined;
  const phoneNumber = hasNumber ? parsePhoneNumber(form.phone_number) : null;
  return { by: 'push', target: parseTarget(form, version), callbackUri, phoneNumber };
}

function parsePhoneNumber(text: string | undefined): string {
  const number = text === undefined ? undefined : readPhoneNumber(text);
  if (!number) throw new MobileAuthenticationError(3001);
  return number.e164;
}

function parseTarget({ user_id, device_id, app_id }: BeginRequest, version: ApiVersion): PushTarget {
  if (user_id === undefined) throw faultOf('user_id');
  if (version === 'v2') return { userId: user_id };
  if (version === 'v3') {
    if (app_id === undefined) throw faultOf('app_id', 'PUSH_AUTH_INIT_FAILURE_MISSING_APP_ID');
    return { userId: user_id, applicationId: app_id };
  }
  if (device_id === undefined) throw faultOf('device_id', 'PUSH_AUTH_INIT_FAILURE_MISSING_DEVICE_ID');
  return { userId: user_id, deviceId: device_id };
}

function faultOf(parameter: string, event?: string): MobileAuthenticationError {
  const options = event === undefined ? {} : { event };
  return new MobileAuthenticationError(1003, `The parameter ${parameter} is missing or invalid.`, options);
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
