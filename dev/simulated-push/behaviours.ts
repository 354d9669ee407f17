const BEHAVIOUR_LIMIT = 1_000;

/** What every behaviour says beside how pushes are answered. */
export interface Lasting {
  /** Only for this push token; without it, for all that have no behaviour of their own. */
  readonly token?: string | undefined;
  /** How many pushes it lasts for; without it, until it is taken back. */
  readonly next?: number | undefined;
}

/** How pushes are answered instead of in earnest: for all push tokens, or for single ones. */
export interface Behaviours<Behaviour extends Lasting> {
  /** False when there are too many. A behaviour replaces the earlier one for the same token, or for all. */
  set(behaviour: Behaviour): boolean;
  clear(): void;
  /** How the next push to this token is answered; uses up one of `next`. */
  take(token: string): Behaviour | undefined;
}

/** None is set at first. */
export function createBehaviours<Behaviour extends Lasting>(): Behaviours<Behaviour> {
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
