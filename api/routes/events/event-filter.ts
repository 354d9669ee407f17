import { validate } from 'uuid';
import { z } from 'zod';
import { identifier } from '../../identifier.ts';
import type { EventFilter } from '../../ports.ts';

const MAX_NAMES = 100;

/** Up to the last moment that a date of ours can tell. */
const epochMs = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .refine((ms) => ms <= 8.64e15);

const eventName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);

/** One, or several of the same name. */
const eventNames = z.union([eventName.transform((name) => [name]), z.array(eventName).min(1).max(MAX_NAMES)]);

/** The query of a search for events; unknown parameters are ignored. */
export const eventFilterSchema = z.object({
  user_id: identifier.optional(),
  client_id: identifier.optional(),
  event_type: eventNames.optional(),
  exclude_event_type: eventNames.optional(),
  transaction_id: identifier.optional(),
  start_date: epochMs.optional(),
  end_date: epochMs.optional(),
  end_date_exclusive: z.enum(['true', 'false']).default('false'),
});

/** The filter of a query; undefined where nothing can be found, as an id is none of ours. */
export function filterOf(query: z.infer<typeof eventFilterSchema>): EventFilter | undefined {
  const { transaction_id: transactionId, end_date: endMs } = query;
  if (transactionId !== undefined && !validate(transactionId)) return undefined;
  return {
    userId: query.user_id,
    clientId: query.client_id,
    names: query.event_type,
    exceptNames: query.exclude_event_type,
    transactionId,
    fromMs: query.start_date,
    // Times are told in whole milliseconds, and kept finer: the last one is inclusive to its end.
    beforeMs: endMs === undefined || query.end_date_exclusive === 'true' ? endMs : endMs + 1,
  };
}

/** A parameter without value counts as omitted. */
export function withoutEmpty(query: object): object {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}
