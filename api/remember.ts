import { LRUCache } from 'lru-cache';

export interface RememberOptions {
  readonly max: number;
  /** How late a change may be noticed. */
  readonly freshMs: number;
}

/** Keeps what `find` found for a short while; what was not found is asked for again. */
export function remember<Value extends object>(
  find: (key: string) => Promise<Value | undefined>,
  { max, freshMs }: RememberOptions,
): (key: string) => Promise<Value | undefined> {
  const known = new LRUCache<string, Value>({ max, ttl: freshMs });
  return async (key) => {
    const remembered = known.get(key);
    if (remembered) return remembered;
    const found = await find(key);
    if (found) known.set(key, found);
    return found;
  };
}

/** The same for the one thing that there is of its kind. */
export function rememberOne<Value extends object>(read: () => Promise<Value>, freshMs: number): () => Promise<Value> {
  const known = new LRUCache<'it', Value>({ max: 1, ttl: freshMs });
  return async () => {
    const remembered = known.get('it');
    if (remembered) return remembered;
    const found = await read();
    known.set('it', found);
    return found;
  };
}
