import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import type { EventFilter, EventStore, StoredEvent } from '../../ports.ts';
import { eventFilterSchema, filterOf, withoutEmpty } from './event-filter.ts';
import { itemOf } from './event-item.ts';

/** What is in memory of one export at once. */
const PAGE_SIZE = 500;
/** At once in a process: each keeps a connection to the database busy. */
const MAX_EXPORTS = 4;
/** A reader that takes nothing for so long is gone. */
const STALLED_AFTER_MS = 30_000;

/**
 * `GET /oauth/api/v1/events/export`: every event that meets the filters, oldest first, a line of JSON each. It ends with
 * what there was when it began. Read as fast as it is taken; broken off where it can not go on, so that the end of a whole
 * export is the end of its last line.
 */
export function exportEvents({ events, logger }: ApiDependencies): RequestHandler {
  let running = 0;
  return async (request, response) => {
    const filter = filterOf(parse(eventFilterSchema, withoutEmpty(request.query)));
    if (running >= MAX_EXPORTS) throw new AppError('overloaded', undefined, { retryAfterSeconds: 10 });
    running += 1;
    try {
      const nowMs = Date.now();
      const bounded = filter && { ...filter, beforeMs: Math.min(filter.beforeMs ?? nowMs, nowMs) };
      // Before anything is sent, so that what is wrong can still be told.
      const first = bounded ? await events.after(bounded, undefined, PAGE_SIZE) : [];
      response.type('application/x-ndjson');
      response.setTimeout(STALLED_AFTER_MS);
      await pipeline(Readable.from(chunksOf(events, bounded ?? {}, first)), response);
    } catch (error) {
      if (!response.headersSent && !response.destroyed) throw error;
      const hasReaderLeft = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
      logger[hasReaderLeft ? 'info' : 'warn']({ err: error }, 'an export of events was broken off');
    } finally {
      running -= 1;
    }
  };
}

/** A page as one piece of text, the next one only when the one before was taken. */
async function* chunksOf(
  events: Pick<EventStore, 'after'>,
  filter: EventFilter,
  first: readonly StoredEvent[],
): AsyncGenerator<string> {
  let page = first;
  while (page.length > 0) {
    yield page.map((event) => `${JSON.stringify(itemOf(event))}\n`).join('');
    if (page.length < PAGE_SIZE) return;
    page = await events.after(filter, page.at(-1)?.place, PAGE_SIZE);
  }
}
