import type { ErrorRequestHandler, Response } from 'express';
import { AppError, ERRORS, type ErrorCode } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';

const RETRY_AFTER_SECONDS = 2;

/** Sends a problem (RFC 9457) for a code of the error table. */
export function sendProblem(response: Response, error: AppError): void {
  const { status } = ERRORS[error.code];
  if (status === 503 || status === 429) {
    response.set('retry-after', String(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
  }
  response.status(status).type('application/problem+json').send(problemBodyOf(error));
}

/** The body of a problem. */
export function problemBodyOf({ code, detail, errors }: AppError): object {
  const { status, title } = ERRORS[code];
  return { type: 'about:blank', title, status, code, ...(detail && { detail }), ...(errors && { errors }) };
}

/** The last word on our own surfaces: coded errors are told, anything else is logged and told as nothing but `internal`. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const appError = toAppError(error);
    if (ERRORS[appError.code].status >= 500) {
      logger.error({ err: error, method: request.method, path: request.route?.path }, 'request failed');
    }
    sendProblem(response, appError);
  };
}

/** Errors of the body parser carry a `type` or are to be shown (`expose`), database errors a SQLSTATE or a socket's code. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { type, status, expose, code, name } = error as Readonly<Record<string, unknown>>;
  if (type === 'entity.too.large') return new AppError('body_too_large');
  // A body that does not decompress has no type.
  const isOfBody = typeof type === 'string' || expose === true;
  if (isOfBody && typeof status === 'number' && status < 500) return new AppError('request_invalid');
  if (error instanceof URIError) return new AppError('request_invalid', 'address');
  if (isDatabaseAway(name, code, error)) return new AppError('unavailable', undefined, { cause: error });
  return new AppError('internal', undefined, { cause: error });
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention: restart, cancel). */
const AWAY_SQLSTATE = /^(08|53|57)/;
const AWAY_SOCKET: readonly ErrorCode[] | readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
];
const AWAY_MESSAGE =
  /Query read timeout|timeout expired|Connection terminated|Connection ended|Client has encountered/i;

function isDatabaseAway(name: unknown, code: unknown, error: unknown): boolean {
  if (name === 'KnexTimeoutError') return true;
  if (typeof code === 'string' && (AWAY_SQLSTATE.test(code) || AWAY_SOCKET.includes(code as never))) return true;
  return error instanceof Error && AWAY_MESSAGE.test(error.message);
}
