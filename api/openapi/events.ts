import { z } from 'zod';
import { eventFilterSchema } from '../routes/events/event-filter.ts';
import { eventsQuery } from '../routes/events/list-events.ts';
import { bothShapesFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import type { Surface } from './operation.ts';
import { jsonReply, textReply } from './replies.ts';

const text = z.string();
const perhaps = text.nullable();

/** An event as the vendor shows it. */
export const eventItem = z.object({
  ...{ event_identifier: z.uuid(), event_name: text, event_type: text, client_id: perhaps, app_name: perhaps },
  ...{ transaction_id: perhaps, user_id: perhaps, client_ip: perhaps, user_agent: perhaps },
  event_details: z.record(text, z.unknown()),
  ...{ event_agent_user: perhaps, occurred: z.number().describe('Epoch milliseconds.') },
});

const count = z.int();
const pagination = z.object({
  ...{ total_results: count, offset: count, page_size: count, max_visible: count, pages_before: count },
  ...{ range_start: count, range_end: count, first_page: z.boolean(), last_page: z.boolean() },
  ...{ number_of_pages: count, previous_page: count.nullable(), next_page: count.nullable() },
  visible_pages: z.array(count),
});

export const EVENT = {
  ...{ event_identifier: '00000000-0000-8000-8000-2a0000000000', event_name: 'Push auth initialized' },
  ...{ event_type: 'PUSH_AUTH_INITIALIZED', client_id: 'demo-portal', app_name: 'Demo app' },
  ...{ transaction_id: EXAMPLE.transactionId, user_id: EXAMPLE.userId, client_ip: null, user_agent: null },
  ...{ event_agent_user: null, event_details: {}, occurred: EXAMPLE.createdAtMs },
};

const PAGINATION = {
  ...{ total_results: 1, offset: 0, page_size: 20, max_visible: 5, pages_before: 2, range_start: 1, range_end: 1 },
  ...{ first_page: true, last_page: true, number_of_pages: 1, previous_page: null, next_page: null, visible_pages: [] },
};

/** The vendor's events API, and our export. */
export const eventsSurface: Surface = {
  name: 'Events',
  description: 'What happened, for API clients.',
  errors: [
    ...(['client_unauthenticated', 'too_many_failures', 'request_invalid', 'overloaded', 'unavailable'] as const),
    ...(['session_required', 'origin_refused', 'action_forbidden'] as const),
  ],
  bodyErrors: [],
  errorFormat: bothShapesFormat,
  operations: [
    {
      ...{ method: 'get', path: '/oauth/api/v1/events', summary: 'Events, newest first, by pages' },
      credential: 'operator',
      query: { schema: eventsQuery, example: { user_id: EXAMPLE.userId, size: '20' } },
      replies: [
        jsonReply(200, 'One page.', z.object({ result_set: z.array(eventItem), pagination }), {
          result_set: [EVENT],
          pagination: PAGINATION,
        }),
      ],
      errors: [],
    },
    {
      ...{ method: 'get', path: '/oauth/api/v1/events/export', summary: 'All events that meet the filters' },
      credential: 'operator',
      query: { schema: eventFilterSchema, example: { user_id: EXAMPLE.userId } },
      replies: [
        textReply('A line of JSON each, oldest first.', 'application/x-ndjson', text, `${JSON.stringify(EVENT)}\n`),
      ],
      errors: [],
    },
  ],
};
