import { z } from 'zod';
import { REASONS } from './reasons.ts';

const BEHAVIOUR_LIMIT = 1_000;

/** Body of `PUT /simulator/behaviour`. */
export const behaviourSchema = z.strictObject({
  /** Only for this device token; without it, for all that have no behaviour of their own. */
  token: z.string().min(1).optional(),
  /** How many pushes it lasts for; without it, until it is taken back. */
  next: z.int().min(1).max(1_000_000).optional(),
  /**
   * A reason refuses with it. `hang`: never an answer. `reset`: the stream is broken off. `drop`: the connection is cut.
   * `goaway`: the connection is announced to end, and what is under way on it is answered. `goaway_refusing`: it ends, and
   * this push is left undone. `goaway_error`: it breaks off at once. `accept`: as usual, with `delayMs` only later.
   */
  reply: z.enum([...REASONS, 'hang', 'reset', 'drop', 'goaway', 'goaway_refusing', 'goaway_error', 'accept']),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  /** Since when the device token is none, with a reason of status 410; epoch ms, now by default. */
  timestampMs: z.int().min(0).optional(),
  /** How long the answer is held back; an accepted push has arrived by then. */
  delayMs: z.int().min(0).max(60_000).default(0),
});

/** How pushes are answered instead of in earnest. */
export type Behaviour = z.infer<typeof behaviourSchema>;

/** The behaviours that are set, for all device tokens or for single ones. */
export interface Behaviours {
  /** False when there are too many. A behaviour replaces the earlier one for the same token, or for all. */
  set(behaviour: Behaviour): boolean;
  clear(): void;
  /** How the next push to this token is answered; uses up one of `next`. */
  take(token: string): Behaviour | undefined;
}

/** None is set at first: pushes are answered in earnest. */
export function createBehaviours(): Behaviours {
  const forAll = '';
  const byToken = new Map<string, Behaviour>();
  return {
    set(behaviour) {
      const token = behaviour.token ?? forAll;
      if (byToken.size >= BEHAVIOUR_LIMIT && !byToken.has(token)) return false;
      byToken.set(token, behaviour);
      return true;
    },
    clear: () => byToken.clear(),
    take(token) {
      const key = byToken.has(token) ? token : forAll;
      const behaviour = byToken.get(key);
      if (behaviour?.next === undefined) return behaviour;
      if (behaviour.next === 1) byToken.delete(key);
      else byToken.set(key, { ...behaviour, next: behaviour.next - 1 });
      return behaviour;
    },
  };
}
