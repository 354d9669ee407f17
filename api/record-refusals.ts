import type { ErrorRequestHandler, Request } from 'express';
import { ERRORS, MOBILE_AUTHENTICATION_ERRORS, MobileAuthenticationError } from '../runtime/errors.ts';
import { OneSpanError } from '../runtime/onespan-errors.ts';
import type { AuditTrail } from './audit-trail.ts';
import { callerOf } from './caller.ts';
import { subjectOf } from './event-subject.ts';
import { toAppError } from './problem.ts';

/**
 * Name of the event that a refusal of this code writes, undefined where it writes none. An error that names its event
 * itself, as its code has several causes, has the last word.
 */
export type RefusalEvents = (code: string, request: Request) => string | undefined;

/**
 * Writes the event of each refusal below it, then lets the error go on to whoever tells the caller. An outage is no
 * refusal. The detail `refusal` is the code.
 */
export function recordRefusals(auditTrail: AuditTrail, eventOf: RefusalEvents): ErrorRequestHandler {
  return async (error, request, response, next) => {
    const { code, status, event } = refusalOf(error);
    const name = status < 500 ? eventOf(code, request) : undefined;
    if (name !== undefined && event !== null && !response.headersSent) {
      await auditTrail.record({
        name: event ?? name,
        ...subjectOf(response),
        caller: callerOf(request),
        ...(response.locals.operator && { agentUser: response.locals.operator.name }),
        details: { refusal: code },
      });
    }
    next(error);
  };
}

function refusalOf(error: unknown): { code: string; status: number; event?: string | null | undefined } {
  if (error instanceof MobileAuthenticationError) {
    const { status } = MOBILE_AUTHENTICATION_ERRORS[error.code];
    return { code: String(error.code), status, event: error.event };
  }
  if (error instanceof OneSpanError) return { code: error.refusal, status: 409 };
  const { code, event } = toAppError(error);
  return { code, status: ERRORS[code].status, event };
}
