import { z } from 'zod';
import { lasting, recipient } from '../simulated/behaviours.ts';
import { REFUSALS, type RefusalName } from './refusals.ts';

const NAMES = Object.keys(REFUSALS) as [RefusalName, ...RefusalName[]];

/** Body of `PUT /simulator/behaviour`. */
export const behaviourSchema = z.strictObject({
  /** Only for this registration; without it, for all that have no behaviour of their own. */
  token: recipient,
  ...lasting,
  /** `hang`: never an answer. `drop`: the connection is cut. `accept`: as usual, with `delayMs` only later. */
  reply: z.enum([...NAMES, 'hang', 'drop', 'accept']),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
});

/** How messages are answered instead of in earnest. */
export type Behaviour = z.infer<typeof behaviourSchema>;
