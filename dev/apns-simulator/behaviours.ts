import { z } from 'zod';
import { lasting, recipient } from '../simulated/behaviours.ts';
import { REASONS } from './reasons.ts';

/** Body of `PUT /simulator/behaviour`. */
export const behaviourSchema = z.strictObject({
  /** Only for this device token; without it, for all that have no behaviour of their own. */
  token: recipient,
  ...lasting,
  /**
   * A reason refuses with it. `hang`: never an answer. `reset`: the stream is broken off. `drop`: the connection is cut.
   * `goaway`: the connection is announced to end, and what is under way on it is answered. `goaway_refusing`: it ends, and
   * this push is left undone. `goaway_error`: it breaks off at once. `accept`: as usual, with `delayMs` only later.
   */
  reply: z.enum([...REASONS, 'hang', 'reset', 'drop', 'goaway', 'goaway_refusing', 'goaway_error', 'accept']),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  /** Since when the device token is none, with a reason of status 410; epoch ms, now by default. */
  timestampMs: z.int().min(0).optional(),
});

/** How pushes are answered instead of in earnest. */
export type Behaviour = z.infer<typeof behaviourSchema>;
