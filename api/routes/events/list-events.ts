import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { eventFilterSchema, filterOf, withoutEmpty } from './event-filter.ts';
import { itemOf } from './event-item.ts';
import { paginationOf } from './pagination.ts';

/** Results that are counted and can be reached by pages; the rest is reached by dates, or exported. */
export const MAX_RESULTS = 10_000;

const count = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value <= max);

/** The query of a page of events. */
export const eventsQuery = eventFilterSchema.extend({
  page: count(999_999_999).default(0),
  size: count(1_000)
    .refine((size) => size > 0)
    .default(20),
});

/** `GET /oauth/api/v1/events`: events that meet all that is asked for, newest first, by pages. */
export function listEvents({ events }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const query = parse(eventsQuery, withoutEmpty(request.query));
    const { page, size } = query;
    const filter = filterOf(query);
    const offset = page * size;
    const left = Math.max(0, Math.min(size, MAX_RESULTS - offset));
    const [total, found] = filter
      ? await Promise.all([
          events.count(filter, MAX_RESULTS),
          left === 0 ? [] : events.page(filter, { offset, size: left }),
        ])
      : [0, []];
    response.json({ result_set: found.map(itemOf), pagination: paginationOf(total, page, size) });
  };
}
