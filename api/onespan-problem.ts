import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { type AppError, ERRORS } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { ONESPAN_REFUSALS, OneSpanError } from '../runtime/onespan-errors.ts';
import { CORRELATION_HEADER } from './correlation-id.ts';
import { toAppError } from './problem.ts';

const RETRY_AFTER_SECONDS = 2;

/** The one mapper of the OneSpan surface: `error` and `message`, and `validationErrors` for a request that is malformed. */
export function oneSpanProblemHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof OneSpanError) {
      response.status(409).json(oneSpanBodyOf(error));
      return;
    }
    const appError = toAppError(error);
    if (appError.code === 'user_blocked') {
      response.status(409).json(oneSpanBodyOf(new OneSpanError('user_locked')));
      return;
    }
    const { status } = ERRORS[appError.code];
    if (status === 503 || status === 429) {
      response.set('retry-after', String(appError.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
    }
    if (status === 401) response.set('www-authenticate', 'Basic realm="countersign", charset="UTF-8"');
    response.status(status).json(oneSpanBodyOf(appError));
    if (status >= 500) {
      const correlationId = response.get(CORRELATION_HEADER);
      logger.error({ err: error, method: request.method, path: request.route?.path, correlationId }, 'request failed');
    }
  };
}

/** The body of an error on this surface. */
export function oneSpanBodyOf(error: AppError | OneSpanError): object {
  if (error instanceof OneSpanError) {
    return { error: 'Conflict', message: ONESPAN_REFUSALS[error.refusal], ...error.more };
  }
  const { status, title } = ERRORS[error.code];
  return { error: STATUS_CODES[status], message: title, ...validationErrorsOf(error) };
}

function validationErrorsOf({ code, detail }: AppError): object {
  if (code !== 'request_invalid' || detail === undefined) return {};
  return { validationErrors: [{ message: `The field ${detail} is missing, invalid or not supported.` }] };
}
