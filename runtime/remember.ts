import { LRUCache } from 'lru-cache';

export interface RememberOptions {
  readonly max: number;
  /** How late a change is noticed that nobody told of. */
  readonly freshMs: number;
  /**
   * True where it is worth keeping, too, that there is nothing. It is not where strangers name the keys: what they make
   * up would take the place of what there is.
   */
  readonly keepsNothing?: boolean;
}

/** To be called when what is remembered may be wrong. */
export interface Forgetful {
  forget(): void;
}

/**
 * Keeps what `find` found for a short while; what was not found (undefined) is asked for again, unless it is to be kept
 * as well. Callers that come at once share one question. A failure is not kept.
 */
export function remember<Value>(
  find: (key: string) => Promise<Value>,
  { max, freshMs, keepsNothing = false }: RememberOptions,
): ((key: string) => Promise<Value>) & Forgetful {
  const known = new LRUCache<string, { readonly value: Value }>({ max, ttl: freshMs });
  // No more of them than there are callers waiting.
  let underWay = new Map<string, Promise<Value>>();

  async function ask(key: string, asked: typeof underWay): Promise<Value> {
    try {
      const value = await find(key);
      // What was read before it was to be forgotten is not kept.
      if ((keepsNothing || value !== undefined) && asked === underWay) known.set(key, { value });
      return value;
    } finally {
      asked.delete(key);
    }
  }

  async function get(key: string): Promise<Value> {
    const remembered = known.get(key);
    if (remembered) return remembered.value;
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
export function rememberOne<Value>(read: () => Promise<Value>, freshMs: number): (() => Promise<Value>) & Forgetful {
  const find = remember(read, { max: 1, freshMs });
  return Object.assign(() => find('it'), { forget: find.forget });
}
