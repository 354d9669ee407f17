import { z } from 'zod';
import { lasting, recipient } from '../simulated/behaviours.ts';
import { TWILIO_ERRORS, type TwilioErrorCode } from './twilio-error.ts';

const CODES = Object.keys(TWILIO_ERRORS) as `${TwilioErrorCode}`[];

/** Body of `PUT /simulator/behaviour`. */
export const behaviourSchema = z.strictObject({
  /** Only for this number; without it, for all that have no behaviour of their own. */
  to: recipient,
  ...lasting,
  /** A code of the real service. `hang`: never an answer. `drop`: the connection is cut. `accept`: as usual. */
  reply: z.enum([...CODES, 'hang', 'drop', 'accept']).default('accept'),
  /** What becomes of an accepted message; `nothing`: no report ever comes. */
  delivery: z.enum(['delivered', 'undelivered', 'failed', 'nothing']).default('delivered'),
  /** Reason of a message that is not delivered, such as 30003. */
  errorCode: z.int().min(30_000).max(39_999).default(30_008),
});

/** How a message is answered, and what becomes of it. */
export type Behaviour = z.infer<typeof behaviourSchema>;
