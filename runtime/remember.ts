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

/**
 * Keeps what `find` found for a short while; what was not found is asked for again. Callers that come at once share one
 * question.
 */
export function remember<Value extends object>(
  find: (key: string) => Promise<Value | undefined>,
  { max, freshMs }: RememberOptions,
): ((key: string) => Promise<Value | undefined>) & Forgetful {
  const known = new LRUCache<string, Value>({ max, ttl: freshMs });
  // No more of them than there are callers waiting.
  let underWay = new Map<string, Promise<Value | undefined>>();

  async function ask(key: string, asked: typeof underWay): Promise<Value | undefined> {
    try {
      const found = await find(key);
      // What was read before it was to be forgotten is not kept.
      if (found && asked === underWay) known.set(key, found);
      return found;
    } finally {
      asked.delete(key);
    }
  }

  async function get(key: string): Promise<Value | undefined> {
    const remembered = known.get(key);
    if (remembered) return remembered;
    const shared = underWay.get(key);
    if (shared) return shared;
    const asked = ask(key, underWay);
    underWay.set(key, asked);
    return asked;
  }

  function forget(): void {
    underWay = new Map();
    known.clear();
  }
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
