import { randomInt } from 'node:crypto';
import type { Response } from 'express';

/** Answers one message to one phone as the legacy interface does: by a list of results, whatever became of it. */
export function sendLegacyResult(
  response: Response,
  result: { readonly message_id: string } | { readonly error: string },
): void {
  const success = 'message_id' in result ? 1 : 0;
  response.json({
    multicast_id: randomInt(2 ** 47),
    success,
    failure: 1 - success,
    canonical_ids: 0,
    results: [result],
  });
}

/** An error as a result, or a status with a page of HTML. */
export function sendLegacyError(response: Response, error: string | number, retryAfterSeconds?: number): void {
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
  if (typeof error === 'string') sendLegacyResult(response, { error });
  else response.status(error).type('html').send(`<HTML><BODY><H1>Error ${error}</H1></BODY></HTML>`);
}
