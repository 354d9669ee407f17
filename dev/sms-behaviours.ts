import { z } from 'zod';
import { problemsOf } from './sms-outbox-routes.ts';

const BEHAVIOUR_LIMIT = 1_000;

/** What every behaviour has, whatever the service answers by it. */
const common = {
  /** Only for this number; without it, for all that have no behaviour of their own. */
  to: z.string().min(1).optional(),
  /** How many messages it lasts for; without it, until it is taken back. */
  next: z.int().min(1).max(1_000_000).optional(),
  /** How long the answer is held back; an accepted message has arrived by then. */
  delayMs: z.int().min(0).max(60_000).default(0),
};

type Common = z.infer<z.ZodObject<typeof common>>;

/** How messages are answered instead of in earnest. */
export interface SmsBehaviours<Behaviour> {
  /** What is wrong with it, if something is. A behaviour replaces the earlier one for the same number, or for all. */
  set(behaviour: unknown): string[] | undefined;
  clear(): void;
  /** How the next message to this number is answered; uses up one of `next`. */
  take(to: string): Behaviour | undefined;
}

/** None is set at first: messages are answered in earnest. `shape` is what the service may be told to answer. */
export function createSmsBehaviours<Shape extends z.ZodRawShape>(
  shape: Shape,
): SmsBehaviours<Common & z.infer<z.ZodObject<Shape>>> {
  type Behaviour = Common & z.infer<z.ZodObject<Shape>>;
  const schema = z.strictObject({ ...common, ...shape });
  const forAll = '';
  const byNumber = new Map<string, Behaviour>();
  return {
    set(behaviour) {
      const parsed = schema.safeParse(behaviour);
      if (!parsed.success) return problemsOf(parsed.error);
      const set = parsed.data as unknown as Behaviour;
      const to = set.to ?? forAll;
      if (byNumber.size >= BEHAVIOUR_LIMIT && !byNumber.has(to)) return ['too many behaviours are set'];
      byNumber.set(to, set);
      return undefined;
    },
    clear: () => byNumber.clear(),
    take(to) {
      const key = byNumber.has(to) ? to : forAll;
      const behaviour = byNumber.get(key);
      if (behaviour?.next === undefined) return behaviour;
      if (behaviour.next === 1) byNumber.delete(key);
      else byNumber.set(key, { ...behaviour, next: behaviour.next - 1 });
      return behaviour;
    },
  };
}
