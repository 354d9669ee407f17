import { LRUCache } from 'lru-cache';

export interface BrieflyOptions {
  readonly max: number;
  /** How late a change may be noticed. */
  readonly freshMs: number;
}

/**
 * Keeps what `find` found for a short while, also that there was nothing. Callers that come while it is being found wait
 * for the same; a failure is not kept.
 */
export function briefly<Value>(
  find: (key: string) => Promise<Value>,
  { max, freshMs }: BrieflyOptions,
): (key: string) => Promise<Value> {
  const known = new LRUCache<string, Promise<Value>>({ max, ttl: freshMs });
  return (key) => {
    const remembered = known.get(key);
    if (remembered) return remembered;
    const found = find(key);
    known.set(key, found);
    found.catch(() => {
      if (known.peek(key) === found) known.delete(key);
    });
    return found;
  };
}
