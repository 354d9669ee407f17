import { LRUCache } from 'lru-cache';

export interface RememberOptions {
  readonly max: number;
  /** How late a change is noticed that nobody told of. */
  readonly freshMs: number;
}

/** To be called when what is remembered may be wrong. */
export interface Forgetful {
  forget(): void;
}

/** Keeps what `find` found for a short while; what was not found is asked for again. */
export function remember<Value extends object>(
  find: (key: string) => Promise<Value | undefined>,
  { max, freshMs }: RememberOptions,
): ((key: string) => Promise<Value | undefined>) & Forgetful {
  const known = new LRUCache<string, Value>({ max, ttl: freshMs });
  let generation = 0;
  const get = async (key: string): Promise<Value | undefined> => {
    const remembered = known.get(key);
    if (remembered) return remembered;
    const asked = generation;
    const found = await find(key);
    // What was read before it was to be forgotten is not kept.
    if (found && asked === generation) known.set(key, found);
    return found;
  };
  const forget = (): void => {
    generation += 1;
    known.clear();
  };
  return Object.assign(get, { forget });
}

/** The same for the one thing that there is of its kind. */
export function rememberOne<Value extends object>(
  read: () => Promise<Value>,
  freshMs: number,
): (() => Promise<Value>) & Forgetful {
  const find = remember<Value>(() => read(), { max: 1, freshMs });
  return Object.assign(async () => (await find('it')) as Value, { forget: find.forget });
}
