import type { ErrorRequestHandler } from 'express';
import { type AppError, ERRORS, type ErrorCode } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { toAppError } from './problem.ts';

const RETRY_AFTER_SECONDS = 2;

/** The vendor's names for ours, where it has one; the others show as they are. */
const NAMES: Partial<Readonly<Record<ErrorCode, string>>> = {
  request_invalid: 'invalid_request',
  client_unauthenticated: 'unauthorized',
  action_forbidden: 'insufficient_permissions',
  route_unknown: 'not_found',
};

/** Errors of the vendor's end user API: `code`, `message`, and in `details` the parameters at fault. */
export function endUserProblemHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const appError = toAppError(error);
    const { status } = ERRORS[appError.code];
    if (status === 401) response.set('www-authenticate', 'Basic realm="countersign", charset="UTF-8"');
    if (status === 429 || status === 503) response.set('retry-after', retryAfterOf(appError));
    if (status >= 500)
      logger.error({ err: error, method: request.method, path: request.route?.path }, 'request failed');
    response.status(status).json(endUserBodyOf(appError));
  };
}

/** The body of an error on this surface. */
export function endUserBodyOf({ code, detail }: AppError): object {
  return { code: NAMES[code] ?? code, message: ERRORS[code].title, details: detail === undefined ? [] : [detail] };
}

function retryAfterOf({ retryAfterSeconds = RETRY_AFTER_SECONDS }: AppError): string {
  return String(retryAfterSeconds);
}
