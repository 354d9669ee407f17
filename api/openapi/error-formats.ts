import { z } from 'zod';
import {
  AppError,
  ERRORS,
  type ErrorCode,
  MOBILE_AUTHENTICATION_ERRORS,
  type MobileAuthenticationCode,
  MobileAuthenticationError,
} from '../../runtime/errors.ts';
import { ONESPAN_REFUSALS, OneSpanError, type OneSpanRefusal } from '../../runtime/onespan-errors.ts';
import { endUserBodyOf } from '../end-user-problem.ts';
import { mobileAuthenticationBodyOf } from '../mobile-authentication-problem.ts';
import { oneSpanBodyOf } from '../onespan-problem.ts';
import { problemBodyOf } from '../problem.ts';
import type { AnyCode, ErrorFormat } from './operation.ts';

const text = z.string();

/** Of our own surfaces: RFC 9457. */
export const problemFormat: ErrorFormat = {
  name: 'Problem',
  mediaType: 'application/problem+json',
  schema: z.object({
    type: text,
    title: text,
    status: z.int(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode]),
    detail: text.optional(),
    errors: z.array(z.object({ pointer: text, detail: text })).optional(),
  }),
  tell: (code) => ({ status: statusOf(code), body: problemBodyOf(new AppError(code as ErrorCode)) }),
};

/** Of mobile authentication and events: both shapes at once; failed client authentication has the first one only. */
export const bothShapesFormat: ErrorFormat = {
  name: 'MobileAuthenticationError',
  mediaType: 'application/json',
  schema: z.object({
    error: text,
    error_description: text,
    error_code: text.optional(),
    description: text.optional(),
  }),
  tell: (code) => ({
    status: statusOf(code),
    body: mobileAuthenticationBodyOf(
      typeof code === 'number' ? new MobileAuthenticationError(code) : new AppError(code as ErrorCode),
    ),
  }),
};

/** Of the end user API. */
export const endUserFormat: ErrorFormat = {
  name: 'EndUserError',
  mediaType: 'application/json',
  schema: z.object({ code: text, message: text, details: z.array(text) }),
  tell: (code) => ({ status: statusOf(code), body: endUserBodyOf(new AppError(code as ErrorCode)) }),
};

/** Of the OneSpan surface. */
export const oneSpanFormat: ErrorFormat = {
  name: 'OneSpanError',
  mediaType: 'application/json',
  schema: z.object({
    error: text,
    message: text,
    validationErrors: z.array(z.object({ message: text })).optional(),
    requestID: text.optional(),
    sessionStatus: text.optional(),
  }),
  tell: (code) => ({
    status: statusOf(code),
    body: oneSpanBodyOf(
      code in ONESPAN_REFUSALS ? new OneSpanError(code as OneSpanRefusal) : new AppError(code as ErrorCode),
    ),
  }),
};

function statusOf(code: AnyCode): number {
  if (typeof code === 'number') return MOBILE_AUTHENTICATION_ERRORS[code as MobileAuthenticationCode].status;
  return code in ONESPAN_REFUSALS ? 409 : ERRORS[code as ErrorCode].status;
}
