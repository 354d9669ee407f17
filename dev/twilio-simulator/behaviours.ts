import { z } from 'zod';
import { createSmsBehaviours, type SmsBehaviours } from '../sms-behaviours.ts';
import { TWILIO_ERRORS, type TwilioErrorCode } from './twilio-error.ts';

const CODES = Object.keys(TWILIO_ERRORS) as `${TwilioErrorCode}`[];

const shape = {
  /** A code of the real service. `hang`: never an answer. `drop`: the connection is cut. `accept`: as usual. */
  reply: z.enum([...CODES, 'hang', 'drop', 'accept']).default('accept'),
  /** What becomes of an accepted message; `nothing`: no report ever comes. */
  delivery: z.enum(['delivered', 'undelivered', 'failed', 'nothing']).default('delivered'),
  /** Reason of a message that is not delivered, such as 30003. */
  errorCode: z.int().min(30_000).max(39_999).default(30_008),
};

/** How a message is answered, and what becomes of it. */
export interface TwilioBehaviour {
  readonly reply: `${TwilioErrorCode}` | 'hang' | 'drop' | 'accept';
  readonly delayMs: number;
  readonly delivery: 'delivered' | 'undelivered' | 'failed' | 'nothing';
  readonly errorCode: number;
}

export const createTwilioBehaviours = (): SmsBehaviours<TwilioBehaviour> => createSmsBehaviours(shape);
