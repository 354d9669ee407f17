import type { ErrorRequestHandler } from 'express';
import { type AppError, ERRORS, MOBILE_AUTHENTICATION_ERRORS, MobileAuthenticationError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { toAppError } from './problem.ts';

const RETRY_AFTER_SECONDS = 2;

/** RFC 6749 names for our own codes, where they show on this surface. */
const OAUTH_NAMES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  403: 'access_denied',
  404: 'not_found',
  405: 'invalid_request',
  409: 'conflict',
  413: 'invalid_request',
  415: 'invalid_request',
  429: 'temporarily_unavailable',
  503: 'temporarily_unavailable',
};

/**
 * The one mapper of the compatible mobile authentication surface. The vendor's documents show two body shapes; every
 * body carries both, so that a portal written for either reads it. Client failures stay pure RFC 6749.
 */
export function mobileAuthenticationProblemHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof MobileAuthenticationError) {
      const { status } = MOBILE_AUTHENTICATION_ERRORS[error.code];
      if (status === 503) response.set('retry-after', String(RETRY_AFTER_SECONDS));
      response.status(status).json(mobileAuthenticationBodyOf(error));
      return;
    }
    const appError = toAppError(error);
    const { status } = ERRORS[appError.code];
    // Before an operator of the console a browser would put a question of its own.
    if (status === 401 && appError.code !== 'session_required') {
      response.set('www-authenticate', 'Basic realm="countersign", charset="UTF-8"');
    }
    if (status === 503 || status === 429) {
      response.set('retry-after', String(appError.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
    }
    response.status(status).json(mobileAuthenticationBodyOf(appError));
    if (status >= 500) {
      logger.error({ err: error, method: request.method, path: request.route?.path }, 'request failed');
    }
  };
}

/** The body of an error on this surface. */
export function mobileAuthenticationBodyOf(error: AppError | MobileAuthenticationError): object {
  if (error instanceof MobileAuthenticationError) {
    const { error: name, description } = MOBILE_AUTHENTICATION_ERRORS[error.code];
    return inBothShapes(name, String(error.code), error.detail ?? description);
  }
  const { status, title } = ERRORS[error.code];
  if (error.code === 'client_unauthenticated') return { error: 'invalid_client', error_description: title };
  return inBothShapes(OAUTH_NAMES[status] ?? 'server_error', error.code, error.detail ?? title);
}

function inBothShapes(error: string, code: string, description: string): object {
  return { error, error_description: description, error_code: code, description };
}
