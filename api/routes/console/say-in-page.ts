import type { ErrorRequestHandler, Response } from 'express';
import { ERRORS } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { toAppError } from '../../problem.ts';

/** What a browser is told that is led here from elsewhere, and can not be told by a page of ours. Texts are ours alone. */
export function sayInPage(response: Response, status: number, title: string, text: string): void {
  response
    .status(status)
    .set('content-security-policy', "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    .type('html')
    .send(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body>
<h1>${title}</h1>
<p>${text}</p>
<p><a href="/console/login">Log in</a></p>
</body>
</html>
`);
}

/** Tells a browser what went wrong on the way to an identity provider or back. */
export function sayRefusal(logger: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { code, retryAfterSeconds } = toAppError(error);
    const { status } = ERRORS[code];
    if (status >= 500) logger.error({ err: error }, 'a log-in to the console failed');
    if (retryAfterSeconds !== undefined) response.set('retry-after', String(retryAfterSeconds));
    const isOurs = status >= 500;
    const why = isOurs ? 'The identity provider can not be asked at the moment.' : 'The address leads elsewhere.';
    sayInPage(response, status, 'Not logged in', why);
  };
}
