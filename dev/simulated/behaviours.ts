import { z } from 'zod';

const BEHAVIOUR_LIMIT = 1_000;

/** Fields of every behaviour, beside its recipient and how messages are answered. */
export const lasting = {
  /** How many messages it lasts for; without it, until it is taken back. */
  next: z.int().min(1).max(1_000_000).optional(),
  /** How long the answer is held back; an accepted message has arrived by then. */
  delayMs: z.int().min(0).max(60_000).default(0),
};

/** A recipient of a behaviour; without one, it is for all that have no behaviour of their own. */
export const recipient = z.string().min(1).optional();

/** What every behaviour has. */
export type Lasting = z.infer<z.ZodObject<typeof lasting>>;

/** How messages are answered instead of in earnest: to all recipients, or to single ones. */
export interface Behaviours<Behaviour extends Lasting> {
  /** False when there are too many. A behaviour replaces the earlier one for the same recipient, or for all. */
  set(behaviour: Behaviour): boolean;
  clear(): void;
  /** How the next message to this push token or number is answered; uses up one of `next`. */
  take(recipient: string): Behaviour | undefined;
}

/** None is set at first. */
export function createBehaviours<Behaviour extends Lasting>(
  recipientOf: (behaviour: Behaviour) => string | undefined,
): Behaviours<Behaviour> {
  const forAll = '';
  const byRecipient = new Map<string, Behaviour>();
  return {
    set(behaviour) {
      const key = recipientOf(behaviour) ?? forAll;
      if (byRecipient.size >= BEHAVIOUR_LIMIT && !byRecipient.has(key)) return false;
      byRecipient.set(key, behaviour);
      return true;
    },
    clear: () => byRecipient.clear(),
    take(to) {
      const key = byRecipient.has(to) ? to : forAll;
      const behaviour = byRecipient.get(key);
      if (behaviour?.next === undefined) return behaviour;
      if (behaviour.next === 1) byRecipient.delete(key);
      else byRecipient.set(key, { ...behaviour, next: behaviour.next - 1 });
      return behaviour;
    },
  };
}
