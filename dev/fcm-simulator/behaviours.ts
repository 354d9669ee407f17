import { z } from 'zod';
import { REFUSALS, type RefusalName } from './refusals.ts';

const NAMES = Object.keys(REFUSALS) as [RefusalName, ...RefusalName[]];

/** Body of `PUT /simulator/behaviour`. */
export const behaviourSchema = z.strictObject({
  /** Only for this registration; without it, for all that have no behaviour of their own. */
  token: z.string().min(1).optional(),
  /** How many messages it lasts for; without it, until it is taken back. */
  next: z.int().min(1).max(1_000_000).optional(),
  /** `hang`: never an answer. `drop`: the connection is cut. `accept`: as usual, with `delayMs` only later. */
  reply: z.enum([...NAMES, 'hang', 'drop', 'accept']),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  /** How long the answer is held back; an accepted message has arrived by then. */
  delayMs: z.int().min(0).max(60_000).default(0),
});

/** How messages are answered instead of in earnest. */
export type Behaviour = z.infer<typeof behaviourSchema>;
